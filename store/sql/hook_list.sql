SELECT at_when, position, command, state, exit_status, output, started_at, ended_at
  FROM run_hook
 WHERE run_id = :run
 ORDER BY CASE at_when WHEN 'before' THEN 1 WHEN 'backup' THEN 2 WHEN 'after' THEN 3 ELSE 4 END, position
