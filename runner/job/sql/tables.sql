-- Every table of the users with what makes a change to it dear: size, traffic, tables that refer to it.
-- One that is locked is not waited for: then what its statistics say.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), greatest(c.reltuples, 0)::bigint,
  CASE WHEN x.oid IS NULL THEN pg_catalog.pg_total_relation_size(c.oid)
    ELSE c.relpages::bigint * pg_catalog.current_setting('block_size')::bigint END,
  coalesce(s.n_tup_ins, 0) + coalesce(s.n_tup_upd, 0) + coalesce(s.n_tup_del, 0),
  coalesce(s.seq_scan, 0) + coalesce(s.idx_scan, 0),
  coalesce((SELECT extract(epoch FROM pg_catalog.now() - d.stats_reset)::bigint
    FROM pg_catalog.pg_stat_database d WHERE d.datname = pg_catalog.current_database()), 0),
  coalesce(f.n, 0)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN (SELECT DISTINCT coalesce(i.indrelid, l.relation) AS oid
  FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = l.relation
  WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.database =
    (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())) x ON x.oid = c.oid
LEFT JOIN pg_catalog.pg_stat_user_tables s ON s.relid = c.oid
LEFT JOIN (SELECT k.confrelid, count(*) AS n FROM pg_catalog.pg_constraint k
  WHERE k.contype = 'f' AND k.conrelid <> k.confrelid AND k.conparentid = 0 GROUP BY k.confrelid) f ON f.confrelid = c.oid
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
ORDER BY c.relpages DESC, n.nspname, c.relname
LIMIT 20000
