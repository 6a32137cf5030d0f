-- The query that counts the rows of the table $1, and those that were written since the snapshot $2 ('' unknown, also when it
-- is so old that its numbers may have come round again).
SELECT pg_catalog.format('SELECT count(*)::text, %s FROM ONLY %s', CASE WHEN s.x IS NULL
      OR n.now < s.xmax OR n.now - s.xmax > 2000000000 THEN '''-1'''
    ELSE pg_catalog.format('count(*) FILTER (WHERE (pg_catalog.age(xmin) >= 0 AND pg_catalog.age(xmin) <= '
      || 'pg_catalog.age(%L::xid)) OR xmin = ANY (%L::xid[]))::text', (s.xmax % 4294967296)::text,
      (SELECT coalesce(pg_catalog.array_agg((i::text::numeric % 4294967296)::text), '{}')::text
        FROM pg_catalog.pg_snapshot_xip(s.x) i)) END, pg_catalog.to_regclass($1))
FROM (SELECT nullif($2, '')::pg_catalog.pg_snapshot AS x,
    pg_catalog.pg_snapshot_xmax(nullif($2, '')::pg_catalog.pg_snapshot)::text::numeric AS xmax) s,
  (SELECT pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text::numeric AS now) n
WHERE pg_catalog.to_regclass($1) IS NOT NULL
