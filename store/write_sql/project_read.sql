UPDATE project
   SET signature = :signature, problem = '', read_at = :now
 WHERE id = :project
