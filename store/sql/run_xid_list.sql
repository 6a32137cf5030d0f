-- In which transaction each migration of a plan downwards was applied last, '' where that is not known.
SELECT m.position, coalesce((SELECT x.xid FROM run_migration x JOIN run r ON r.id = x.run_id
         WHERE x.target_id = l.target_id AND x.key = m.key AND r.direction = 'up' AND x.state = 'ok'
         ORDER BY x.run_id DESC LIMIT 1), '')
  FROM plan l
  JOIN plan_migration m ON m.plan_digest = l.digest
 WHERE l.digest = :digest
 ORDER BY m.position
