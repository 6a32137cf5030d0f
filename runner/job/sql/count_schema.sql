SELECT count(*)::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE pg_catalog.quote_ident(n.nspname) = $1 AND c.relkind IN ('r', 'p', 'm', 'f')
