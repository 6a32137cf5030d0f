UPDATE target
   SET tracking_table = :tracking_table, tracking_known = :known, tracking_text = :text
 WHERE id = :id
