SELECT pg_catalog.has_table_privilege($1, 'SELECT') AND pg_catalog.has_table_privilege($1, 'INSERT')
  AND pg_catalog.has_table_privilege($1, 'DELETE')
