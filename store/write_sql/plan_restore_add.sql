INSERT INTO plan_restore (plan_digest, backup_id, file, digest, encrypted_to, size, taken_at, schema_key, tables, rows,
                          name, keep_name, keep_ms)
VALUES (:plan_digest, :backup_id, :file, :digest, :encrypted_to, :size, :taken_at, :schema_key, :tables, :rows,
        :name, :keep_name, :keep_ms)
