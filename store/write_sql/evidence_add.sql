INSERT INTO run_evidence (run_id, position, at, kind, name, state, text)
SELECT :run, 1 + coalesce(max(position), -1), :at, :kind, :name, :state, :text
  FROM run_evidence
 WHERE run_id = :run
