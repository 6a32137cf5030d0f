SELECT t.id, k.key IS NOT NULL, k.applied_at, r.id, r.direction, m.state, r.error_migration = m.position,
       (SELECT x.id FROM run x
         JOIN run_migration y ON y.run_id = x.id AND y.key = :key
         WHERE x.target_id = t.id AND x.state = 'running' AND y.state IN ('pending', 'started'))
  FROM target t
  LEFT JOIN tracked k ON k.target_id = t.id AND k.key = :key
  LEFT JOIN run_migration m ON m.target_id = t.id AND m.key = :key AND m.run_id = (SELECT max(run_id)
       FROM run_migration WHERE target_id = t.id AND key = :key AND state NOT IN ('pending', 'skipped'))
  LEFT JOIN run r ON r.id = m.run_id
 WHERE t.project_id = :project AND t.ended_at IS NULL
 ORDER BY t.position, t.id
