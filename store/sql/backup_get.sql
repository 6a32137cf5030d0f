SELECT id, target_id, run_id, target, environment, file, digest, size, started_at, ended_at, server_version,
       client_version, table_count, row_count, schema_key, level
  FROM backup_row
 WHERE id = :id
