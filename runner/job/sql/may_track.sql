SELECT coalesce((SELECT pg_catalog.has_table_privilege(c.oid, $3)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relname = $2), false)
