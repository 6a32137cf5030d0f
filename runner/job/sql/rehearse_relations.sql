-- Relations of the users with the file that holds them, and the blocks that were asked for: by this
-- transaction so far ($1), or at all.
SELECT c.oid::text, coalesce(pg_catalog.pg_relation_filenode(c.oid), 0)::text, pg_catalog.format('%I.%I', n.nspname, c.relname),
  c.relkind::text, (CASE WHEN $1::bool THEN pg_catalog.pg_stat_get_xact_blocks_fetched(c.oid)
    ELSE pg_catalog.pg_stat_get_blocks_fetched(c.oid) END)::text, coalesce(i.indrelid, 0)::text
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'm', 'i', 'I', 'S', 'v', 'f')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_toast'
ORDER BY c.oid
