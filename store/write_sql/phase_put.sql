INSERT INTO run_phase (run_id, phase, position, state, evidence, started_at, ended_at)
VALUES (:run, :phase, CASE :phase WHEN 'connect' THEN 1 WHEN 'identify' THEN 2 WHEN 'lock' THEN 3 WHEN 'status' THEN 4
       WHEN 'preflight' THEN 5 WHEN 'backup' THEN 6 WHEN 'migrate' THEN 7 WHEN 'verify' THEN 8 WHEN 'done' THEN 9
       ELSE 10 END, :state, :evidence, :at, CASE :state WHEN 'started' THEN NULL ELSE :at END)
    ON CONFLICT (run_id, phase) DO UPDATE
   SET state = excluded.state, evidence = excluded.evidence, ended_at = excluded.ended_at
