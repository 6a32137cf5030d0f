SELECT at, rows, size, batch_us
  FROM run_batch_point
 WHERE run_id = :run AND migration = :migration
 ORDER BY at
