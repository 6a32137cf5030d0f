-- Column $3 of table $1.$2: is it there, may it be NULL, and the query for the rows without a value, first by key.
SELECT a.attname IS NOT NULL, coalesce(a.attnotnull, false),
  CASE WHEN a.attname IS NULL
    THEN pg_catalog.format('SELECT count(*) AS rows_without_a_value FROM %I.%I', n.nspname, t.relname)
    ELSE pg_catalog.format('SELECT count(*) OVER () AS nulls, %s FROM %I.%I WHERE %I IS NULL%s LIMIT 21',
      coalesce(k.keys, '*'), n.nspname, t.relname, a.attname, coalesce(' ORDER BY ' || k.keys, '')) END,
  pg_catalog.format('UPDATE %I.%I SET %I = ... WHERE %I IS NULL', n.nspname, t.relname, $3::text, $3::text)
FROM pg_catalog.pg_class t
JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attname = $3 AND a.attnum > 0 AND NOT a.attisdropped
CROSS JOIN LATERAL (
  SELECT pg_catalog.string_agg(pg_catalog.quote_ident(ka.attname), ', ' ORDER BY u.p) AS keys
  FROM pg_catalog.pg_index i, pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY u(num, p)
  JOIN pg_catalog.pg_attribute ka ON ka.attnum = u.num
  WHERE i.indrelid = t.oid AND i.indisprimary AND ka.attrelid = t.oid) k
WHERE n.nspname = $1 AND t.relname = $2
