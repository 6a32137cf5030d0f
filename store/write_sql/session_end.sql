UPDATE session
   SET ended_at = :now
 WHERE id = :id AND person_id = :person_id AND ended_at IS NULL
