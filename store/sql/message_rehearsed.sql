SELECT r.good, r.state,
       (SELECT coalesce(sum(s.took_us), 0) FROM rehearsal_step s WHERE s.rehearsal_id = r.id AND s.pass = 1)
  FROM rehearsal r
 WHERE r.plan_digest = :digest AND r.state IN ('done', 'failed')
 ORDER BY r.id DESC
 LIMIT 1
