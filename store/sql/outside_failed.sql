-- What the newest look at a source said when it failed, of those that no later one went well.
SELECT text
  FROM task
 WHERE kind = 'outside' AND target_id = :target AND state = 'failed'
   AND NOT EXISTS (SELECT 1
                     FROM task later
                    WHERE later.kind = 'outside' AND later.target_id = task.target_id AND later.source = task.source
                      AND later.state = 'done' AND later.id > task.id)
 ORDER BY id DESC
 LIMIT 1
