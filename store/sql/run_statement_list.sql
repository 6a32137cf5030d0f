SELECT migration, position, state, row_count, tag, started_at, ended_at
  FROM run_statement
 WHERE run_id = :run
 ORDER BY migration, position
