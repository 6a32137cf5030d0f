DELETE FROM task
 WHERE kind = 'outside' AND target_id = :target AND source = :source AND person_id IS NULL
   AND state IN ('done', 'failed')
   AND id <= (SELECT id FROM task
               WHERE kind = 'outside' AND target_id = :target AND source = :source
               ORDER BY id DESC LIMIT 1 OFFSET :keep)
