-- $1: our backend.  What the server tells of how far it has come: phase, done, total, unit.
SELECT p.phase,
  (CASE WHEN p.lockers_total > 0 AND p.phase LIKE 'waiting%' THEN p.lockers_done
    WHEN p.tuples_total > 0 THEN p.tuples_done ELSE p.blocks_done END)::text,
  (CASE WHEN p.lockers_total > 0 AND p.phase LIKE 'waiting%' THEN p.lockers_total
    WHEN p.tuples_total > 0 THEN p.tuples_total ELSE p.blocks_total END)::text,
  CASE WHEN p.phase LIKE 'waiting%' THEN 'transactions' WHEN p.tuples_total > 0 THEN 'tuples' ELSE 'blocks' END
FROM pg_catalog.pg_stat_progress_create_index p WHERE p.pid = $1::int4
UNION ALL
SELECT p.phase, (CASE p.phase WHEN 'vacuuming heap' THEN p.heap_blks_vacuumed ELSE p.heap_blks_scanned END)::text,
  p.heap_blks_total::text, 'blocks'
FROM pg_catalog.pg_stat_progress_vacuum p WHERE p.pid = $1::int4
UNION ALL
SELECT p.phase, p.heap_blks_scanned::text, p.heap_blks_total::text, 'blocks'
FROM pg_catalog.pg_stat_progress_cluster p WHERE p.pid = $1::int4
UNION ALL
SELECT p.phase, p.sample_blks_scanned::text, p.sample_blks_total::text, 'blocks'
FROM pg_catalog.pg_stat_progress_analyze p WHERE p.pid = $1::int4
LIMIT 1
