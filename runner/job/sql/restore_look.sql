-- Which databases there are: how the one with the oid $1 is called now ('' gone) and whether it lets connections in, the oids
-- of those that are called $2 (with its comment), $3 and $4, '' none.
SELECT coalesce((SELECT datname::text FROM pg_catalog.pg_database WHERE oid = $1::oid), ''),
  coalesce((SELECT datallowconn FROM pg_catalog.pg_database WHERE oid = $1::oid), false),
  coalesce((SELECT oid::text FROM pg_catalog.pg_database WHERE datname = $2), ''),
  coalesce((SELECT pg_catalog.shobj_description(oid, 'pg_database') FROM pg_catalog.pg_database WHERE datname = $2), ''),
  coalesce((SELECT oid::text FROM pg_catalog.pg_database WHERE datname = $3), ''),
  coalesce((SELECT oid::text FROM pg_catalog.pg_database WHERE datname = $4), '')
