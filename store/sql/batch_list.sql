SELECT migration, at, started_at, state, cursor, batches, rows, passed, expected, size, batch_us, pause_ms, why, left_out
  FROM run_batch
 WHERE run_id = :run
 ORDER BY migration
