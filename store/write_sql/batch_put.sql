INSERT INTO run_batch (run_id, migration, at, started_at, state, cursor, batches, rows, passed, expected, size, batch_us,
       pause_ms, why, left_out)
VALUES (:run, :migration, :at, :at, :state, :cursor, :batches, :rows, :passed, :expected, :size, :batch_us, :pause_ms, :why,
       :left_out)
    ON CONFLICT (run_id, migration) DO UPDATE
   SET at = excluded.at, state = excluded.state, cursor = excluded.cursor, batches = excluded.batches, rows = excluded.rows,
       passed = excluded.passed, expected = excluded.expected, size = excluded.size, batch_us = excluded.batch_us,
       pause_ms = excluded.pause_ms, why = excluded.why, left_out = excluded.left_out
