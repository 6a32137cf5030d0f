UPDATE target
   SET reachable = :reachable, problem = :problem, checked_at = :now
 WHERE id = :id
