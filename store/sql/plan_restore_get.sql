SELECT backup_id, file, digest, encrypted_to, size, taken_at, schema_key, tables, rows, name, keep_name, keep_ms
  FROM plan_restore
 WHERE plan_digest = :plan_digest
