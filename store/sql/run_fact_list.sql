SELECT position, kind, object, good, text
  FROM run_fact
 WHERE run_id = :run
 ORDER BY position
