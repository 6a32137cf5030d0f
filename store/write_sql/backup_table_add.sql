INSERT INTO backup_table (backup_id, name, rows, bytes)
VALUES (:backup_id, :name, :rows, :bytes)
