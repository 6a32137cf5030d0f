SELECT (SELECT s.digest FROM migration m JOIN migration_side s ON s.migration_id = m.id AND s.side = 'up'
         WHERE m.project_id = t.project_id AND m.key = :key),
       (SELECT e.digest FROM side_seen e
         WHERE e.project_id = t.project_id AND e.key = :key AND :checksum <> '' AND e.checksum = :checksum AND e.side = 'up'
         ORDER BY e.seen_at LIMIT 1)
  FROM target t
 WHERE t.id = :target
