UPDATE target
   SET overdue_at = nullif(:at, 0)
 WHERE id = :id
