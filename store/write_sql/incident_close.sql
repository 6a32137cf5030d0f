UPDATE incident
   SET state = 'closed', closed_at = :now, closed_by = :person_id
 WHERE id = :id AND state = 'open'
