SELECT id, target_id, run_id, target, environment, person, kind, file, format, encrypted_to, digest, size, plain_size,
       database_bytes, started_at, ended_at, server_version, client_version, table_count, row_count, schema_key,
       snapshot, fingerprint, level, broken, proved_at, prove_us, state, state_at, source, label, keep_until, seen_at,
       kept_for, sidecar_wrong, sidecar_read, sidecar_size
  FROM backup_row
 WHERE id < :before
 ORDER BY id DESC
 LIMIT :limit
