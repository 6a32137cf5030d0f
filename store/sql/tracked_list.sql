SELECT k.key, k.applied_at
  FROM tracked k
  JOIN target t ON t.id = k.target_id
  LEFT JOIN migration m ON m.project_id = t.project_id AND m.key = k.key
 WHERE k.target_id = :target
 ORDER BY m.version_number, k.key
