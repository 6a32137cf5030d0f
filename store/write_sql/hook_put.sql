INSERT INTO run_hook (run_id, at_when, position, command, state, exit_status, output, started_at, ended_at)
VALUES (:run, :when, :position, :command, :state, :exit_status, :output, :at,
        CASE :state WHEN 'started' THEN NULL ELSE :at END)
    ON CONFLICT (run_id, at_when, position) DO UPDATE
   SET state = excluded.state, exit_status = excluded.exit_status, output = excluded.output,
       ended_at = excluded.ended_at
