-- What session $1 holds now.
SELECT l.relation::text, l.mode FROM pg_catalog.pg_locks l
WHERE l.pid = $1::int4 AND l.locktype = 'relation' AND l.granted
  AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
