-- Every second one goes when there are 500; the first and the newest stay.
DELETE FROM run_batch_point
 WHERE run_id = :run AND migration = :migration
   AND (SELECT count(*) FROM run_batch_point WHERE run_id = :run AND migration = :migration) >= 500
   AND at > (SELECT min(at) FROM run_batch_point WHERE run_id = :run AND migration = :migration)
   AND at IN (SELECT at FROM (SELECT at, row_number() OVER (ORDER BY at DESC) AS n FROM run_batch_point
                               WHERE run_id = :run AND migration = :migration) AS p
               WHERE n % 2 = 0)
