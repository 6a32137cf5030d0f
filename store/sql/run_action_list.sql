SELECT kind, goal, text
  FROM run_action
 WHERE run_id = :run
 ORDER BY position
