SELECT state
  FROM task
 WHERE kind = 'outside' AND target_id = :target AND source = :source AND id < :task AND state IN ('done', 'failed')
 ORDER BY id DESC
 LIMIT 1
