SELECT position, at, kind, name, state, text
  FROM run_evidence
 WHERE run_id = :run
 ORDER BY position
 LIMIT :limit
