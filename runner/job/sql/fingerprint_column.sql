-- Columns without their place, and the places of a table's columns as an object of its own.
-- Some servers stamp each column with pg_attver, the place in the WAL at which it was made: nobody sets that, and it is
-- another one each time.
WITH col AS (
  SELECT c.oid, c.relkind, c.relispartition, pg_catalog.format('%I.%I', n.nspname, c.relname) AS owner, a.*, to_jsonb(a) AS j
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND c.relpersistence <> 't'
    AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass
      AND d.objid = c.oid AND d.deptype = 'e'))
SELECT 'column', pg_catalog.format('%s.%I', col.owner, col.attname),
  pg_catalog.concat_ws(' | ', pg_catalog.format_type(col.atttypid, col.atttypmod),
    CASE WHEN col.attnotnull THEN 'not null' END,
    'default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid), 'identity ' || nullif(col.attidentity::text, ''),
    'generated ' || nullif(col.attgenerated::text, ''),
    'collation ' || CASE WHEN col.attcollation <> 0 THEN col.attcollation::regcollation::text END,
    'storage ' || col.attstorage::text, 'compression ' || nullif(col.j ->> 'attcompression', ''),
    'statistics ' || nullif(coalesce(col.j ->> 'attstattarget', '-1'), '-1'),
    'options ' || (SELECT pg_catalog.string_agg(x.o, ', ' ORDER BY x.o)
      FROM pg_catalog.unnest(col.attoptions) x(o) WHERE x.o !~ '^pg_attver='),
    'foreign ' || col.attfdwoptions::text, 'inherited ' || col.attinhcount || col.attislocal::text,
    pg_catalog.chr(1) || 'privileges ' || (SELECT pg_catalog.string_agg(x.a::text, ' ' ORDER BY x.a::text)
      FROM pg_catalog.unnest(col.attacl) x(a)) || pg_catalog.chr(2))
FROM col LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = col.oid AND d.adnum = col.attnum
UNION ALL
SELECT 'order of columns', col.owner, pg_catalog.string_agg(pg_catalog.quote_ident(col.attname), ', ' ORDER BY col.attnum)
  -- A child's own columns come after those that it inherits when it is made again.
  || CASE WHEN pg_catalog.bool_or(NOT col.relispartition AND col.attinhcount > 0) THEN pg_catalog.chr(4) ELSE '' END
FROM col GROUP BY col.owner
