-- A constraint $3 of table $1.$2 that is there: the query for the rows that break it (a CHECK's), and for its words.
SELECT CASE WHEN c.contype = 'c' THEN pg_catalog.format(
    'SELECT count(*) OVER () AS violating, t.* FROM %I.%I AS t WHERE NOT (%s) LIMIT 21', n.nspname, t.relname,
    pg_catalog.pg_get_expr(c.conbin, c.conrelid)) END,
  pg_catalog.format('SELECT conname AS name, pg_get_constraintdef(oid) AS rule, convalidated AS validated FROM pg_constraint WHERE conrelid = %L::regclass AND conname = %L',
    pg_catalog.format('%I.%I', n.nspname, t.relname), c.conname)
FROM pg_catalog.pg_constraint c
JOIN pg_catalog.pg_class t ON t.oid = c.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname = $1 AND t.relname = $2 AND c.conname = $3
