UPDATE task
   SET cancelled = :cancelled
 WHERE id = :id AND state = 'running'
