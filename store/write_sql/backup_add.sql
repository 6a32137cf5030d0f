INSERT INTO backup (target_id, run_id, person_id, kind, file, format, encrypted_to, digest, size, plain_size,
       database_bytes, started_at, ended_at, server_version, client_version, table_count, row_count, schema_key,
       snapshot, fingerprint, log, level, source, label, keep_until)
VALUES (:target_id, :run_id, :person_id, :kind, :file, :format, :encrypted_to, :digest, :size, :plain_size,
       :database_bytes, :started_at, :ended_at, :server_version, :client_version, :table_count, :row_count, :schema_key,
       :snapshot, :fingerprint, :log, :level, :source, :label, :keep_until)
