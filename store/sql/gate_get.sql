SELECT s.standing, s.applied, s.digest, s.applied_at,
       coalesce((SELECT e.tokens FROM side_seen e
                  WHERE e.project_id = :project AND e.key = s.key AND e.side = 'up' AND e.digest = s.digest), ''),
       coalesce((SELECT e.tokens FROM side_seen e
                  WHERE e.project_id = :project AND e.key = s.key AND e.side = 'up' AND e.digest = :digest), '')
  FROM standing s
 WHERE s.target_id = :target AND s.key = :key
