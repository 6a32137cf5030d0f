DELETE FROM run_progress WHERE run_id = :run
