UPDATE backup
   SET state = :state, state_at = :now
 WHERE id = :id
