INSERT INTO run_cause (run_id, position, title, sql, columns, rows, more, text)
SELECT :run, coalesce(max(position) + 1, 0), :title, :sql, :columns, :rows, :more, :text
  FROM run_cause
 WHERE run_id = :run
