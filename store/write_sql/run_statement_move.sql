UPDATE run_statement
   SET state = :state, ended_at = coalesce(ended_at, :at)
 WHERE run_id = :run AND migration = :migration
   AND (state IN ('started', 'in-doubt') OR (state = 'ok' AND :done = 1))
