-- public stands for the search path, as the plan's names do.
SELECT i.indisvalid
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) = $1
  OR ('public.' || pg_catalog.quote_ident(c.relname) = $1 AND n.nspname = ANY (pg_catalog.current_schemas(false)))
LIMIT 1
