INSERT INTO standing (target_id, key, standing, applied, decision, applied_at, checksum, by, text, digest, ran)
SELECT r.target_id, p.key, 'applied', 1, 'nothing', :at, '', '', '', p.digest, 1
  FROM run r
  JOIN plan_migration p ON p.plan_digest = r.plan_digest AND p.position = :migration
 WHERE r.id = :run AND r.direction = 'up'
    ON CONFLICT (target_id, key) DO UPDATE
   SET standing = excluded.standing, applied = 1, decision = excluded.decision, applied_at = excluded.applied_at,
       checksum = '', by = '', text = '', digest = excluded.digest, ran = 1
