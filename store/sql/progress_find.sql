SELECT at, migration, statement, activity, text, done, total, unit, since
  FROM run_progress
 WHERE run_id = :run
