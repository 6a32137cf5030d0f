SELECT b.id, 'run ' || r.id
  FROM backup b
  JOIN run r ON r.id = b.run_id
 WHERE b.target_id = :target AND r.state IN ('queued', 'running', 'unknown')
UNION
SELECT b.id, 'incident ' || i.id
  FROM backup b
  JOIN incident i ON i.run_id = b.run_id
 WHERE b.target_id = :target AND i.state = 'open'
UNION
SELECT b.id, 'request ' || q.id
  FROM backup b
  JOIN plan_restore p ON p.backup_id = b.id
  JOIN request q ON q.plan_digest = p.plan_digest
 WHERE b.target_id = :target AND q.state IN ('waiting', 'approved', 'started')
UNION
SELECT b.id, 'request ' || q.id
  FROM backup b
  JOIN request q ON q.reverts = b.run_id
 WHERE b.target_id = :target AND q.state IN ('waiting', 'approved', 'started')
UNION
SELECT b.id, 'run ' || r.id
  FROM backup b
  JOIN plan_restore p ON p.backup_id = b.id
  JOIN run r ON r.plan_digest = p.plan_digest
 WHERE b.target_id = :target AND r.state IN ('queued', 'running', 'unknown')
UNION
SELECT b.id, 'incident ' || i.id
  FROM backup b
  JOIN plan_restore p ON p.backup_id = b.id
  JOIN run r ON r.plan_digest = p.plan_digest
  JOIN incident i ON i.run_id = r.id
 WHERE b.target_id = :target AND i.state = 'open'
UNION
SELECT b.id, 'task ' || k.id
  FROM backup b
  JOIN task k ON k.backup_id = b.id
 WHERE b.target_id = :target AND k.state IN ('queued', 'running')
 ORDER BY 1, 2
