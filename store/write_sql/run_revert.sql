UPDATE run
   SET revert_until = :until
 WHERE id = :id
