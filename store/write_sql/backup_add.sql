INSERT INTO backup (target_id, run_id, file, digest, size, started_at, ended_at, server_version, client_version,
       table_count, row_count, schema_key, level)
VALUES (:target_id, :run_id, :file, :digest, :size, :started_at, :ended_at, :server_version, :client_version,
       :table_count, :row_count, :schema_key, :level)
