INSERT INTO run_progress (run_id, at, migration, statement, activity, text, done, total, unit, since)
VALUES (:run, :at, :migration, :statement, :activity, :text, :done, :total, :unit, :since)
    ON CONFLICT (run_id) DO UPDATE
   SET at = excluded.at, migration = excluded.migration, statement = excluded.statement, activity = excluded.activity,
       text = excluded.text, done = excluded.done, total = excluded.total, unit = excluded.unit, since = excluded.since
