WITH t AS MATERIALIZED (
  SELECT id, project_id, position, EXISTS (SELECT 1 FROM run WHERE target_id = target.id) AS ran,
         (SELECT id FROM run WHERE target_id = target.id AND state = 'running') AS running,
         tracking_known = 0 AND checked_at > 0 AS unread
    FROM target WHERE ended_at IS NULL
)
SELECT m.id, t.id, s.standing, s.decision, s.applied, s.applied_at, s.by, s.text,
       s.standing = 'edited' OR (s.standing = 'applied' AND s.checksum = '' AND s.digest <> '' AND s.digest <> u.digest),
       CASE WHEN s.standing = 'edited'
            THEN (SELECT e.tokens FROM side_seen e
                   WHERE e.project_id = m.project_id AND e.key = m.key AND s.checksum <> '' AND e.checksum = s.checksum
                     AND e.side = 'up' AND e.tokens <> '' LIMIT 1) = u.tokens
              OR (SELECT e.tokens FROM side_seen e
                   WHERE e.project_id = m.project_id AND e.key = m.key AND e.side = 'up' AND e.digest = s.digest
                     AND e.tokens <> '') = u.tokens
            WHEN s.standing = 'applied' AND s.digest <> '' AND s.digest <> u.digest
            THEN (SELECT e.tokens FROM side_seen e
                   WHERE e.project_id = m.project_id AND e.key = m.key AND e.side = 'up' AND e.digest = s.digest
                     AND e.tokens <> '') = u.tokens
        END,
       r.id, r.direction, x.state, r.error_migration = x.position,
       CASE WHEN t.running IS NOT NULL
            THEN (SELECT y.run_id FROM run_migration y
                   WHERE y.run_id = t.running AND y.key = m.key AND y.state IN ('pending', 'started')) END,
       m.present, t.unread
  FROM json_each(:ids) j
 CROSS JOIN migration m ON m.id = j.value
  LEFT JOIN migration_side u ON u.migration_id = m.id AND u.side = 'up'
 CROSS JOIN t ON t.project_id = m.project_id
  LEFT JOIN standing s ON s.target_id = t.id AND s.key = m.key
  LEFT JOIN run_migration x ON t.ran = 1 AND x.target_id = t.id AND x.key = m.key
   AND x.run_id = CASE WHEN t.ran = 1 THEN (SELECT max(run_id) FROM run_migration
                         WHERE target_id = t.id AND key = m.key AND state NOT IN ('pending', 'skipped')) END
  LEFT JOIN run r ON r.id = x.run_id
 ORDER BY j.key, t.position, t.id
