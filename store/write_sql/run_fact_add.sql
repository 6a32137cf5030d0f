INSERT INTO run_fact (run_id, position, kind, object, good, text)
SELECT :run, coalesce(max(position) + 1, 0), :kind, :object, :good, :text
  FROM run_fact
 WHERE run_id = :run
