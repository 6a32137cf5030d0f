-- Constraint $2 of table $1 as plans name it.
WITH p AS (SELECT pg_catalog.parse_ident($1) AS p)
SELECT pg_catalog.pg_get_constraintdef(k.oid) || CASE WHEN k.convalidated THEN '' ELSE ' (rows of before were not looked at)' END
FROM p, pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid
WHERE (n.nspname = p.p[1] OR (p.p[1] = 'public' AND n.nspname = ANY (pg_catalog.current_schemas(false)))) AND c.relname = p.p[2]
  AND k.conname = $2
LIMIT 1
