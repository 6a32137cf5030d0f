UPDATE target
   SET database_bytes = :bytes, table_count = :tables
 WHERE id = :id
