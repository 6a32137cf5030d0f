-- Foreign keys: the query that finds in the rehearsal which values have no row to refer to, the one that gets those rows from
-- the target (values as parameters, an array a column), and the COPY that puts them.
SELECT pg_catalog.format('%I.%I', cn.nspname, c.relname),
  pg_catalog.format('SELECT DISTINCT %s FROM %I.%I c WHERE %s AND NOT EXISTS (SELECT 1 FROM %I.%I p WHERE %s) LIMIT 10000',
    pg_catalog.string_agg(pg_catalog.format('c.%I::text', ca.attname), ', ' ORDER BY k.i), cn.nspname, c.relname,
    pg_catalog.string_agg(pg_catalog.format('c.%I IS NOT NULL', ca.attname), ' AND ' ORDER BY k.i), pn.nspname, p.relname,
    pg_catalog.string_agg(pg_catalog.format('p.%I = c.%I', pa.attname, ca.attname), ' AND ' ORDER BY k.i)),
  pg_catalog.format('SELECT %s FROM %I.%I WHERE (%s) IN (SELECT %s FROM ROWS FROM (%s) u(%s))', x.columns, pn.nspname, p.relname,
    pg_catalog.string_agg(pg_catalog.quote_ident(pa.attname), ', ' ORDER BY k.i),
    pg_catalog.string_agg(pg_catalog.format('u.c%s::%s', k.i, pg_catalog.format_type(pa.atttypid, pa.atttypmod)), ', ' ORDER BY k.i),
    pg_catalog.string_agg(pg_catalog.format('pg_catalog.unnest($%s::text[])', k.i), ', ' ORDER BY k.i),
    pg_catalog.string_agg('c' || k.i, ', ' ORDER BY k.i)),
  pg_catalog.format('COPY %I.%I (%s) FROM STDIN', pn.nspname, p.relname, x.columns)
FROM pg_catalog.pg_constraint f
JOIN pg_catalog.pg_class c ON c.oid = f.conrelid
JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace
JOIN pg_catalog.pg_class p ON p.oid = f.confrelid
JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
CROSS JOIN LATERAL (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
  FROM pg_catalog.pg_attribute a
  WHERE a.attrelid = p.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') x
CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(f.conkey), pg_catalog.unnest(f.confkey)) WITH ORDINALITY AS k(child, parent, i)
JOIN pg_catalog.pg_attribute ca ON ca.attrelid = c.oid AND ca.attnum = k.child
JOIN pg_catalog.pg_attribute pa ON pa.attrelid = p.oid AND pa.attnum = k.parent
WHERE f.contype = 'f' AND f.conparentid = 0 AND f.convalidated AND p.relkind IN ('r', 'p')
GROUP BY f.oid, cn.nspname, c.relname, pn.nspname, p.relname, x.columns
ORDER BY 1, f.oid
