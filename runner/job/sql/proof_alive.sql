-- Whether somebody works in the database $1, what its sessions are at as a number, and what one waits for.  Who only
-- waits, for a time, a lock, a standby or us, does nothing.  Only those of our own role count, pg_restore's: others, and
-- what the server does by itself, come and go while it hangs.
SELECT coalesce(bool_or(s.state = 'active' AND s.waits IS NULL), false),
  coalesce(pg_catalog.hashtextextended(pg_catalog.string_agg(
    pg_catalog.concat_ws(' ', s.pid, s.query_start, s.state_change, s.backend_xid), ',' ORDER BY s.pid), 0), 0),
  coalesce(pg_catalog.min(s.waits) FILTER (WHERE s.state = 'active'), '')
FROM (
  SELECT pid, query_start, state_change, backend_xid, state,
    CASE WHEN wait_event_type IN ('Timeout', 'Client', 'Lock', 'Extension') OR wait_event = 'SyncRep' THEN wait_event END AS waits
  FROM pg_catalog.pg_stat_activity
  WHERE datname = $1 AND usename = current_user AND backend_type IN ('client backend', 'parallel worker')
) s
