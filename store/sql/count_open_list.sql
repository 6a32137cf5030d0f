SELECT plan_digest, state
  FROM plan_count
 WHERE state IN ('queued', 'running')
 ORDER BY rowid
 LIMIT :limit
