UPDATE run_migration
   SET state = :state, text = :text, started_at = coalesce(started_at, :at),
       ended_at = CASE :state WHEN 'started' THEN NULL ELSE :at END
 WHERE run_id = :run AND position = :position
