SELECT s.id, s.address, s.agent, s.created_at, s.seen_at, s.expires_at,
       p.id, p.name, p.created_at, p.ended_at, (SELECT group_concat(role) FROM person_role WHERE person_id = p.id)
  FROM session s
  JOIN person p ON p.id = s.person_id
 WHERE s.person_id = :person
   AND s.ended_at IS NULL AND s.expires_at > :now AND s.seen_at > :idle AND p.ended_at IS NULL
 ORDER BY s.id DESC
