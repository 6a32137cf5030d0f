-- Of the databases with the oids $1 (an array) those that are there: oid, name, bytes (-1 where this role may not ask).
SELECT d.oid::text, d.datname::text,
  CASE WHEN pg_catalog.has_database_privilege(d.oid, 'CONNECT') OR pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')
    THEN pg_catalog.pg_database_size(d.oid) ELSE -1 END::text
FROM pg_catalog.pg_database d WHERE d.oid = ANY ($1::oid[])
