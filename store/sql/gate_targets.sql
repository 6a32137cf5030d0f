SELECT id, name, environment
  FROM target
 WHERE project_id = :project AND ended_at IS NULL
   AND position = (SELECT max(position) FROM target
                    WHERE project_id = :project AND ended_at IS NULL AND position < :position)
 ORDER BY id
