SELECT max(queued_at), max(ended_at), coalesce(max(state IN ('queued', 'running')), 0)
  FROM task
 WHERE kind = 'outside' AND target_id = :target AND source = :source
