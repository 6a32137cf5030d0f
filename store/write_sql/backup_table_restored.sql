UPDATE backup_table
   SET restored = :rows
 WHERE backup_id = :backup_id AND name = :name
