-- A foreign key $3 of table $1.$2 that is there: its columns, the parent's schema, name and columns.
SELECT
  (SELECT pg_catalog.array_agg(a.attname ORDER BY u.p) FROM pg_catalog.unnest(c.conkey) WITH ORDINALITY u(num, p)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = u.num)::text,
  pn.nspname, p.relname,
  (SELECT pg_catalog.array_agg(a.attname ORDER BY u.p) FROM pg_catalog.unnest(c.confkey) WITH ORDINALITY u(num, p)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = u.num)::text
FROM pg_catalog.pg_constraint c
JOIN pg_catalog.pg_class t ON t.oid = c.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
JOIN pg_catalog.pg_class p ON p.oid = c.confrelid
JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
WHERE c.contype = 'f' AND n.nspname = $1 AND t.relname = $2 AND c.conname = $3
