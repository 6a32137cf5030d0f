UPDATE run
   SET outcome = :text
 WHERE id = :id AND state = 'queued'
