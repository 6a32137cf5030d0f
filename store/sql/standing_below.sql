SELECT m.key
  FROM target t
  JOIN migration v ON v.project_id = t.project_id AND v.key = :key
  JOIN migration m ON m.project_id = t.project_id AND m.repeatable = 0 AND m.version_number < v.version_number
  JOIN standing s ON s.target_id = t.id AND s.key = m.key AND s.applied = 1
 WHERE t.id = :target
 ORDER BY m.version_number DESC
 LIMIT 1
