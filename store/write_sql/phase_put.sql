INSERT INTO run_phase (run_id, phase, position, state, evidence, started_at, ended_at)
VALUES (:run, :phase, CASE :phase WHEN 'connect' THEN 1 WHEN 'identify' THEN 2 WHEN 'lock' THEN 3 WHEN 'status' THEN 4
       WHEN 'preflight' THEN 5 WHEN 'before' THEN 6 WHEN 'backup' THEN 7 WHEN 'migrate' THEN 8 WHEN 'verify' THEN 9
       WHEN 'health' THEN 10 WHEN 'after' THEN 11 WHEN 'cleanup' THEN 12 WHEN 'done' THEN 13 ELSE 14 END, :state, :evidence, :at, CASE :state WHEN 'started' THEN NULL ELSE :at END)
    ON CONFLICT (run_id, phase) DO UPDATE
   SET state = excluded.state, evidence = excluded.evidence, ended_at = excluded.ended_at
