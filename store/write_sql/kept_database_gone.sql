UPDATE kept_database
   SET state = 'gone', state_at = :now
 WHERE id = :id
