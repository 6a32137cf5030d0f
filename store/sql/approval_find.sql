SELECT id
  FROM approval
 WHERE request_id = :request_id AND person_id = :person_id
