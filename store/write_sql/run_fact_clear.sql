DELETE FROM run_fact
 WHERE run_id = :run
