SELECT title, sql, columns, rows, more, text
  FROM run_cause
 WHERE run_id = :run
 ORDER BY position
