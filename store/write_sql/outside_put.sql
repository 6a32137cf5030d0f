INSERT INTO backup (target_id, kind, file, format, digest, size, database_bytes, started_at, ended_at, server_version,
       client_version, table_count, row_count, schema_key, level, broken, source, label, keep_until, seen_at)
VALUES (:target, 'outside', '', '', '', :size, :database_bytes, :started_at, :ended_at, :server_version,
       :client_version, -1, -1, '', :level, :broken, :source, :label, :keep_until, :seen_at)
ON CONFLICT (target_id, source, label) WHERE kind = 'outside' DO UPDATE
   SET size = excluded.size, database_bytes = excluded.database_bytes, started_at = excluded.started_at,
       ended_at = excluded.ended_at, server_version = excluded.server_version,
       client_version = excluded.client_version, level = excluded.level, broken = excluded.broken,
       keep_until = excluded.keep_until, seen_at = excluded.seen_at,
       state_at = CASE WHEN state = 'kept' THEN state_at ELSE excluded.seen_at END, state = 'kept'
 WHERE seen_at <= excluded.seen_at
