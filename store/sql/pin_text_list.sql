SELECT i.id, i.title
  FROM incident i
 WHERE i.state = 'open' AND (i.title LIKE '%backup%' OR i.title LIKE '%Z-%')
UNION ALL
SELECT i.id, n.text
  FROM incident i
  JOIN note n ON n.incident_id = i.id
 WHERE i.state = 'open' AND (n.text LIKE '%backup%' OR n.text LIKE '%Z-%')
 ORDER BY 1
