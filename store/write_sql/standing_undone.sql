UPDATE standing
   SET standing = 'pending', applied = 0, decision = 'runs', applied_at = 0, checksum = '', by = '', text = '',
       digest = '', ran = 1
 WHERE target_id = (SELECT target_id FROM run WHERE id = :run)
   AND key = (SELECT p.key FROM run r JOIN plan_migration p ON p.plan_digest = r.plan_digest
               WHERE r.id = :run AND p.position = :migration AND (r.direction = 'down' OR :taken_back = 1))
