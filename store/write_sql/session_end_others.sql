UPDATE session
   SET ended_at = :now
 WHERE person_id = :person_id AND id <> :but AND ended_at IS NULL
