-- One a second; of a long run fewer, so that they stay evenly spread when every second one is taken out.
INSERT INTO run_batch_point (run_id, migration, at, rows, size, batch_us)
SELECT :run, :migration, :at, :rows, :size, :batch_us
 WHERE NOT EXISTS (SELECT max(at) FROM run_batch_point
                    WHERE run_id = :run AND migration = :migration
                   HAVING max(at) > :at - 1000000 OR max(at) > :at - (max(at) - min(at)) / 400)
