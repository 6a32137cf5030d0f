SELECT seq, at, kind, text
  FROM event
 WHERE run_id = :run AND seq > :after
 ORDER BY seq
 LIMIT :limit
