SELECT name, size, digest, text FROM sidecar WHERE backup_id = :backup
