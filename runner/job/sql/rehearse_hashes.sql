-- For each table a query of how many rows it has and what they hold, whatever the order of rows and columns.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname),
  pg_catalog.format('SELECT count(*), coalesce(sum((''x'' || pg_catalog.substr(pg_catalog.md5(to_jsonb(t)::text), 1, 15))::bit(60)::bigint), 0) FROM ONLY %I.%I t', n.nspname, c.relname)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp_)'
  AND NOT (n.nspname = $1 AND c.relname = ANY ($2::text[]))
ORDER BY 1
