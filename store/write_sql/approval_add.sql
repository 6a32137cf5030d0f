INSERT INTO approval (request_id, person_id, plan_digest, decision, comment, created_at, expires_at)
VALUES (:request_id, :person_id, :plan_digest, :decision, :comment, :now, :expires_at)
