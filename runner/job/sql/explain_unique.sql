-- A unique index $3 of table $1.$2 that is there: valid, its keys, the query for what is there more than once, the one
-- for the rows with the values $4 ("" none).
SELECT i.indisvalid, k.keys,
  pg_catalog.format('SELECT %s, count(*) AS rows FROM %I.%I%s GROUP BY %s HAVING count(*) > 1 ORDER BY count(*) DESC LIMIT 21',
    k.keys, n.nspname, t.relname, coalesce(' WHERE ' || nullif(pg_catalog.concat_ws(' AND ',
      CASE WHEN (pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct')::bool THEN NULL ELSE k.filled END,
      pg_catalog.pg_get_expr(i.indpred, i.indrelid, true)), ''), ''), k.keys),
  CASE WHEN v.n = 1 AND i.indnkeyatts = 1
      THEN pg_catalog.format('SELECT * FROM %I.%I WHERE %s = %L LIMIT 21', n.nspname, t.relname, k.keys, $4)
    WHEN i.indnkeyatts = v.n
      THEN pg_catalog.format('SELECT * FROM %I.%I WHERE (%s) = (%s) LIMIT 21', n.nspname, t.relname, k.keys, v.list) END
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
CROSS JOIN LATERAL (
  SELECT pg_catalog.string_agg(pg_catalog.pg_get_indexdef(i.indexrelid, g, true), ', ' ORDER BY g) AS keys,
    pg_catalog.string_agg(pg_catalog.pg_get_indexdef(i.indexrelid, g, true) || ' IS NOT NULL', ' AND ' ORDER BY g) AS filled
  FROM pg_catalog.generate_series(1, i.indnkeyatts::int) g) k
CROSS JOIN LATERAL (
  SELECT pg_catalog.count(*) AS n, pg_catalog.string_agg(pg_catalog.quote_literal(e.v), ', ' ORDER BY e.p) AS list
  FROM pg_catalog.unnest(CASE WHEN i.indnkeyatts = 1 THEN ARRAY[$4] ELSE pg_catalog.string_to_array($4, ', ') END)
    WITH ORDINALITY e(v, p)) v
WHERE n.nspname = $1 AND t.relname = $2 AND c.relname = $3 AND i.indisunique
