SELECT 'SELECT current_user AS role, datname AS database, pg_get_userbyid(datdba) AS owner, has_database_privilege(oid, ''CREATE'') AS may_create, has_database_privilege(oid, ''TEMPORARY'') AS may_make_temporary FROM pg_database WHERE datname = current_database()',
  $1::text, pg_catalog.format('GRANT %s ON DATABASE %I TO %I', $1::text, pg_catalog.current_database(), current_user)
