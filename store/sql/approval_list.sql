SELECT a.id, a.person_id, p.name, a.plan_digest, a.decision, a.comment, a.created_at, a.expires_at
  FROM approval a
  JOIN person p ON p.id = a.person_id
 WHERE a.request_id = :request
 ORDER BY a.id
