-- Index $1 as plans name it (public stands for the search path): valid, and its name as the server quotes it.
SELECT i.indisvalid, pg_catalog.format('%I.%I', n.nspname, c.relname)
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE pg_catalog.format('%I.%I', n.nspname, c.relname) = $1
  OR (pg_catalog.format('public.%I', c.relname) = $1 AND n.nspname = ANY (pg_catalog.current_schemas(false)))
LIMIT 1
