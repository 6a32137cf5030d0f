-- The query for how large the relations $1 are.
SELECT pg_catalog.format('SELECT c.oid::regclass AS "table", nullif(c.reltuples, -1)::int8 AS rows_estimated, pg_size_pretty(pg_table_size(c.oid)) AS "size", pg_size_pretty(pg_indexes_size(c.oid)) AS indexes, s.last_analyze, s.n_dead_tup AS dead_rows FROM pg_class c LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid WHERE c.oid IN (%s) AND c.relkind IN (''r'', ''p'', ''m'') ORDER BY pg_table_size(c.oid) DESC',
    pg_catalog.string_agg(pg_catalog.quote_literal(name) || '::regclass', ', '))
FROM pg_catalog.unnest($1::text[]) name
WHERE pg_catalog.to_regclass(name) IS NOT NULL
HAVING pg_catalog.count(*) > 0
