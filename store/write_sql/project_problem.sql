UPDATE project
   SET problem = :problem, read_at = :now, signature = ''
 WHERE id = :project
