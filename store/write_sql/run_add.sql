INSERT INTO run (request_id, target_id, plan_digest, direction, state, queued_at)
SELECT id, target_id, plan_digest, direction, 'queued', :now
  FROM request
 WHERE id = :request
