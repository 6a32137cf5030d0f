-- One that is locked is not waited for: then what its statistics say.
SELECT pg_catalog.pg_database_size(pg_catalog.current_database()), count(c.oid),
  coalesce(max(CASE WHEN x.oid IS NULL THEN pg_catalog.pg_total_relation_size(c.oid)
    ELSE c.relpages::bigint * pg_catalog.current_setting('block_size')::bigint END), 0),
  coalesce((pg_catalog.array_agg(n.nspname || '.' || c.relname
    ORDER BY CASE WHEN x.oid IS NULL THEN pg_catalog.pg_total_relation_size(c.oid)
    ELSE c.relpages::bigint * pg_catalog.current_setting('block_size')::bigint END DESC, c.oid)
    FILTER (WHERE c.oid IS NOT NULL))[1], '')
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN (SELECT DISTINCT coalesce(i.indrelid, l.relation) AS oid
  FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = l.relation
  WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.database =
    (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())) x ON x.oid = c.oid
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_toast'
