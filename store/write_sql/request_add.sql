INSERT INTO request (target_id, plan_digest, direction, goal, reason, person_id, state, created_at, expires_at, moved_at,
  reverts, needed)
VALUES (:target_id, :plan_digest, :direction, :goal, :reason, :person_id, :state, :now, :expires_at, :now, :reverts,
  CASE WHEN :reverts IS NULL THEN NULL ELSE :needed END)
