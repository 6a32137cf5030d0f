SELECT n.id, p.name, n.text, n.created_at
  FROM note n
  LEFT JOIN person p ON p.id = n.person_id
 WHERE n.incident_id = :incident
 ORDER BY n.id
