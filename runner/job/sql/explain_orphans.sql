-- Table $1.$2 with columns $3 is to refer to $4.$5 ($4 "": by the search path), columns $6 ({}: its primary key).  The
-- queries: for values without a parent; with the values $7 for rows that refer to them, and for the parent with them.
WITH parent AS (
  SELECT p.oid, n.nspname, p.relname FROM pg_catalog.pg_class p JOIN pg_catalog.pg_namespace n ON n.oid = p.relnamespace
  WHERE p.oid = CASE WHEN $4 = '' THEN pg_catalog.to_regclass(pg_catalog.quote_ident($5))
    ELSE pg_catalog.to_regclass(pg_catalog.format('%I.%I', $4::text, $5::text)) END),
pair AS (
  SELECT c.p, c.name AS child, coalesce(e.name, k.attname) AS parent
  FROM parent, pg_catalog.unnest($3::text[]) WITH ORDINALITY c(name, p)
  LEFT JOIN pg_catalog.unnest($6::text[]) WITH ORDINALITY e(name, p) ON e.p = c.p
  LEFT JOIN LATERAL (
    SELECT a.attname::text FROM pg_catalog.pg_index i, pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY u(num, p)
    JOIN pg_catalog.pg_attribute a ON a.attnum = u.num
    WHERE i.indrelid = parent.oid AND i.indisprimary AND a.attrelid = parent.oid AND u.p = c.p) k ON true),
text AS (
  SELECT pg_catalog.string_agg(pg_catalog.format('c.%I', child), ', ' ORDER BY p) AS cols,
    pg_catalog.string_agg(pg_catalog.format('p.%I', parent), ', ' ORDER BY p) AS parents,
    pg_catalog.string_agg(pg_catalog.format('c.%I IS NOT NULL', child), ' AND ' ORDER BY p) AS filled,
    pg_catalog.string_agg(pg_catalog.format('p.%I = c.%I', parent, child), ' AND ' ORDER BY p) AS same,
    pg_catalog.count(*) AS n
  FROM pair HAVING pg_catalog.count(parent) = pg_catalog.count(*)),
vals AS (
  SELECT pg_catalog.count(*) AS n, pg_catalog.string_agg(pg_catalog.quote_literal(e.v), ', ' ORDER BY e.p) AS list
  FROM pg_catalog.unnest(CASE WHEN pg_catalog.cardinality($3::text[]) = 1 THEN ARRAY[$7::text]
    ELSE pg_catalog.string_to_array($7, ', ') END) WITH ORDINALITY e(v, p))
SELECT pg_catalog.format('SELECT %s, count(*) AS rows FROM %I.%I AS c WHERE %s AND NOT EXISTS (SELECT 1 FROM %I.%I AS p WHERE %s) GROUP BY %s ORDER BY count(*) DESC LIMIT 21',
    t.cols, $1::text, $2::text, t.filled, parent.nspname, parent.relname, t.same, t.cols),
  CASE WHEN vals.n = t.n THEN pg_catalog.format('SELECT %s, count(*) AS rows FROM %I.%I AS c WHERE (%s) = (%s) GROUP BY %s LIMIT 21',
    t.cols, $1::text, $2::text, t.cols, vals.list, t.cols) END,
  CASE WHEN vals.n = t.n THEN pg_catalog.format('SELECT count(*) AS rows FROM %I.%I AS p WHERE (%s) = (%s)',
    parent.nspname, parent.relname, t.parents, vals.list) END,
  pg_catalog.format('%I.%I', parent.nspname, parent.relname)
FROM parent, text t, vals
