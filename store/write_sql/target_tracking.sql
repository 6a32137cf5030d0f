UPDATE target
   SET tracking_table = :tracking_table, tracking_known = :known, tracking_text = :text, newest_key = :newest,
       blocked = :blocked, signature = :signature
 WHERE id = :id
