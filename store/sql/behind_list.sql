SELECT p.name, b.environment, a.environment, b.name, a.name,
       (SELECT count(*)
          FROM standing s
         WHERE s.target_id = a.id AND s.applied = 1
           AND NOT EXISTS (SELECT 1 FROM standing o WHERE o.target_id = b.id AND o.key = s.key AND o.applied = 1)) AS n
  FROM target b
  JOIN project p ON p.id = b.project_id
  JOIN target a ON a.project_id = b.project_id AND a.ended_at IS NULL AND a.position =
       (SELECT max(c.position) FROM target c
         WHERE c.project_id = b.project_id AND c.ended_at IS NULL AND c.position < b.position)
 WHERE b.ended_at IS NULL AND a.checked_at IS NOT NULL AND b.checked_at IS NOT NULL
   AND b.tracking_known = 1 AND n > 0
 ORDER BY p.name, b.position, b.id, a.id
