-- The replica that is farthest behind: its name, how many there are, milliseconds (-1 when we may not see it), bytes.
SELECT coalesce(application_name, ''), count(*) OVER ()::text,
  (CASE WHEN replay_lsn IS NULL THEN -1
    WHEN replay_lsn >= pg_catalog.pg_current_wal_lsn() THEN 0
    ELSE pg_catalog.floor(extract(epoch FROM coalesce(replay_lag, interval '0')) * 1000) END)::int8::text,
  coalesce(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), replay_lsn), -1)::int8::text
FROM pg_catalog.pg_stat_replication
WHERE state IS NULL OR replay_lsn IS NOT NULL -- not what only receives
ORDER BY pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), replay_lsn) DESC NULLS FIRST
LIMIT 1
