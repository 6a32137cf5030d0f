INSERT INTO run_batch_row (run_id, migration, position, key, sqlstate, message)
VALUES (:run, :migration, (SELECT count(*) FROM run_batch_row WHERE run_id = :run AND migration = :migration), :key, :sqlstate,
       :message)
