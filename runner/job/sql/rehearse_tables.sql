-- What rows are copied from: for each table the query for the target and the COPY for the rehearsal.  $1 rows of each,
-- $2 and $3 schema and names of the tracking tables, which are copied whole.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname),
  pg_catalog.format('SELECT %s FROM ONLY %I.%I%s%s', x.columns, n.nspname, c.relname,
    CASE WHEN w.whole OR c.reltuples < 20 * $1::bigint THEN '' ELSE pg_catalog.format(' TABLESAMPLE SYSTEM (%s) REPEATABLE (1)',
      greatest(0.0001, 400.0 * $1::bigint / c.reltuples)::numeric(9, 4)) END,
    CASE WHEN w.whole THEN '' ELSE ' LIMIT ' || $1::bigint END),
  pg_catalog.format('COPY %I.%I (%s) FROM STDIN', n.nspname, c.relname, x.columns), w.whole
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
  FROM pg_catalog.pg_attribute a
  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') x
CROSS JOIN LATERAL (SELECT n.nspname = $2 AND c.relname = ANY ($3::text[]) AS whole) w
WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND x.columns IS NOT NULL
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp_)'
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
    AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1
