DELETE FROM run_action
 WHERE run_id = :run
