INSERT INTO run_statement (run_id, migration, position, state, row_count, tag, started_at, ended_at)
VALUES (:run, :migration, :position, :state, :row_count, :tag, :at, CASE :state WHEN 'started' THEN NULL ELSE :at END)
    ON CONFLICT (run_id, migration, position) DO UPDATE
   SET state = excluded.state, row_count = excluded.row_count, tag = excluded.tag, ended_at = excluded.ended_at
