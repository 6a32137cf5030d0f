-- How far the replicas are behind, and who works: $1 is a place in the WAL that was passed $2 ms ago ('' none).  replay_lag
-- alone stands still when a replica does.
SELECT coalesce(max(greatest(extract(epoch FROM r.replay_lag) * 1000, CASE WHEN r.replay_lsn < nullif($1, '')::pg_lsn THEN $2::int8 ELSE 0 END))::int8, 0),
  coalesce(pg_catalog.bool_or(r.replay_lsn < nullif($1, '')::pg_lsn), false), pg_catalog.pg_current_wal_lsn(),
  (SELECT application_name FROM pg_catalog.pg_stat_replication ORDER BY replay_lsn LIMIT 1),
  (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_catalog.pg_backend_pid())
FROM pg_catalog.pg_stat_replication r WHERE r.replay_lsn IS NOT NULL
