-- The table and the key of a batched migration, and the queries that find the ends of the next batch: $1 in them is the
-- cursor, $2 the size; OFFSET 0 keeps the server from counting the batch twice.  min() and max() do not know every
-- ordered type.  -1: without it "character" is one of length 1.
SELECT c.oid IS NOT NULL AS there, c.relkind IN ('r', 'p') AS plain, a.attnum IS NOT NULL AS has_key,
  pg_catalog.format_type(a.atttypid, -1) AS type,
  (SELECT pg_catalog.format_type(t.typarray, -1) FROM pg_catalog.pg_type t WHERE t.oid = a.atttypid AND t.typarray <> 0) AS list,
  coalesce(a.attnotnull, false) AS filled, coalesce(i.found, false) AS indexed, coalesce(i.single, false) AS single,
  c.reltuples::pg_catalog.int8 AS estimate,
  CASE WHEN a.attname IS NOT NULL THEN pg_catalog.format('SELECT (SELECT %2$I FROM %1$s ORDER BY %2$I LIMIT 1)::pg_catalog.text, n.k IS NOT NULL, coalesce(n.k, (SELECT %2$I FROM %1$s ORDER BY %2$I DESC LIMIT 1))::pg_catalog.text FROM (SELECT (SELECT %2$I FROM %1$s WHERE $1::%3$s IS NULL ORDER BY %2$I OFFSET $2::pg_catalog.int8 - 1 LIMIT 1) AS k OFFSET 0) n', r.name, a.attname, pg_catalog.format_type(a.atttypid, -1)) END AS first_sql,
  CASE WHEN a.attname IS NOT NULL THEN pg_catalog.format('SELECT (SELECT %2$I FROM %1$s WHERE %2$I > $1::%3$s ORDER BY %2$I LIMIT 1)::pg_catalog.text, n.k IS NOT NULL, coalesce(n.k, (SELECT %2$I FROM %1$s WHERE %2$I > $1::%3$s ORDER BY %2$I DESC LIMIT 1))::pg_catalog.text FROM (SELECT (SELECT %2$I FROM %1$s WHERE %2$I > $1::%3$s ORDER BY %2$I OFFSET $2::pg_catalog.int8 - 1 LIMIT 1) AS k OFFSET 0) n', r.name, a.attname, pg_catalog.format_type(a.atttypid, -1)) END AS next_sql,
  CASE WHEN a.attname IS NOT NULL THEN pg_catalog.format('SELECT EXISTS (SELECT FROM %1$s WHERE %2$I IS NULL)', r.name, a.attname) END AS empty_sql,
  CASE WHEN a.attname IS NOT NULL THEN pg_catalog.format('SELECT (SELECT %2$I FROM %1$s WHERE %2$I > $1::%3$s ORDER BY %2$I LIMIT 1)::pg_catalog.text', r.name, a.attname, pg_catalog.format_type(a.atttypid, -1)) END AS edge_sql
FROM (SELECT pg_catalog.to_regclass($1) AS oid, (pg_catalog.parse_ident($2))[1] AS key) w
LEFT JOIN pg_catalog.pg_class c ON c.oid = w.oid
LEFT JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name FROM pg_catalog.pg_namespace n WHERE n.oid = c.relnamespace) r ON true
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = w.key AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN LATERAL (SELECT true AS found, bool_or(x.indisunique AND x.indnkeyatts = 1) AS single
  FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class xc ON xc.oid = x.indexrelid JOIN pg_catalog.pg_am m ON m.oid = xc.relam
  WHERE x.indrelid = c.oid AND x.indkey[0] = a.attnum AND x.indisvalid AND x.indpred IS NULL AND m.amname = 'btree' HAVING count(*) > 0) i ON true
