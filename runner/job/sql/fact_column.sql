-- Column $2 of table $1 as plans name it.
WITH p AS (SELECT pg_catalog.parse_ident($1) AS p)
SELECT pg_catalog.format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
FROM p, pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE (n.nspname = p.p[1] OR (p.p[1] = 'public' AND n.nspname = ANY (pg_catalog.current_schemas(false)))) AND c.relname = p.p[2]
  AND a.attname = $2
LIMIT 1
