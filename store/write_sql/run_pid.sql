UPDATE run
   SET pid = :pid
 WHERE id = :id
