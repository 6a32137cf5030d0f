-- The query that counts rows of $1, or values of its column $2 that are not NULL, and those in rows that are newer than the
-- transaction $3 ('' unknown, also when it is so old that its number may have come round again).
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.format('SELECT count(%s)::text, %s FROM %s', w.what,
  CASE WHEN $3 = '' OR c.relkind NOT IN ('r', 'p', 'm')
      OR $3::numeric > pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text::numeric
      OR pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text::numeric - $3::numeric > 2000000000 THEN '''-1'''
    ELSE pg_catalog.format('count(%s) FILTER (WHERE pg_catalog.age(xmin) >= 0 AND pg_catalog.age(xmin) < pg_catalog.age(%L::xid))::text',
      w.what, ($3::numeric % 4294967296)::text) END, c.oid::regclass)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN (SELECT CASE $2 WHEN '' THEN '*' ELSE pg_catalog.quote_ident($2) END AS what) w
WHERE c.oid = pg_catalog.to_regclass($1)
  AND ($2 = '' OR EXISTS (SELECT 1 FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = c.oid AND a.attname = $2 AND NOT a.attisdropped AND a.attnum > 0))
