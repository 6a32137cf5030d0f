INSERT INTO run_action (run_id, position, kind, goal, text)
SELECT :run, coalesce(max(position) + 1, 0), :kind, :goal, :text
  FROM run_action
 WHERE run_id = :run
