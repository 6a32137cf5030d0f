SELECT name, rows, bytes, coalesce(restored, -1)
  FROM backup_table
 WHERE backup_id = :backup
 ORDER BY name
