-- Materialized views that are filled on the target, in the order in which they were made.
SELECT pg_catalog.format('REFRESH MATERIALIZED VIEW %I.%I', n.nspname, c.relname)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'm' AND c.relispopulated
ORDER BY c.oid
