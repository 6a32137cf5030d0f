SELECT pg_catalog.pg_database_size(pg_catalog.current_database()), count(c.oid),
  coalesce(max(pg_catalog.pg_total_relation_size(c.oid)), 0),
  coalesce((pg_catalog.array_agg(n.nspname || '.' || c.relname
    ORDER BY pg_catalog.pg_total_relation_size(c.oid) DESC, c.oid) FILTER (WHERE c.oid IS NOT NULL))[1], '')
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_toast'
