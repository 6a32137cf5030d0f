UPDATE task
   SET backup_id = :backup_id
 WHERE id = :id
