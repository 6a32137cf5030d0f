INSERT INTO run_migration (run_id, position, target_id, key, state)
SELECT r.id, p.position, r.target_id, p.key, 'pending'
  FROM run r
  JOIN plan_migration p ON p.plan_digest = r.plan_digest
 WHERE r.id = :run
 ORDER BY p.position
