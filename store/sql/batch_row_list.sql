SELECT key, sqlstate, message
  FROM run_batch_row
 WHERE run_id = :run AND migration = :migration
 ORDER BY position
 LIMIT :limit
