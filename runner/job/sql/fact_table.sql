-- Table $1 as plans name it ("public.a", public stands for the search path).
WITH p AS (SELECT pg_catalog.parse_ident($1) AS p)
SELECT pg_catalog.format('%s columns, about %s rows',
  (SELECT pg_catalog.count(*) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  greatest(c.reltuples, 0)::int8)
FROM p, pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE (n.nspname = p.p[1] OR (p.p[1] = 'public' AND n.nspname = ANY (pg_catalog.current_schemas(false)))) AND c.relname = p.p[2]
LIMIT 1
