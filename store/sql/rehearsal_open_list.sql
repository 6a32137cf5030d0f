SELECT r.id, r.target_id, t.name, r.plan_digest, coalesce(h.name, ''), r.state, r.place, r.text, r.tables, r.rows, r.bytes,
       r.good, r.queued_at, r.started_at, r.ended_at
  FROM rehearsal r
  JOIN target t ON t.id = r.target_id
  LEFT JOIN person h ON h.id = r.person_id
 WHERE r.state IN ('queued', 'running')
 ORDER BY r.id
 LIMIT :limit
