UPDATE task
   SET pid = :pid
 WHERE id = :id
