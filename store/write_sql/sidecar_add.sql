INSERT INTO sidecar (backup_id, name, size, digest, text)
VALUES (:backup_id, :name, :size, :digest, :text)
