INSERT INTO run_episode (run_id, number, kind, migration, statement, started_at, ended_at, relation, mode, ending)
VALUES (:run, :number, :kind, :migration, :statement, :started, :ended, :relation, :mode, :ending)
    ON CONFLICT (run_id, number) DO UPDATE
   SET kind = excluded.kind, migration = excluded.migration, statement = excluded.statement,
       started_at = excluded.started_at, ended_at = excluded.ended_at, relation = excluded.relation,
       mode = excluded.mode, ending = excluded.ending
