-- As statements; no passwords.
SELECT pg_catalog.format('CREATE ROLE %I %s %s %s %s %s %s %s CONNECTION LIMIT %s%s', rolname,
  CASE WHEN rolsuper THEN 'SUPERUSER' ELSE 'NOSUPERUSER' END, CASE WHEN rolinherit THEN 'INHERIT' ELSE 'NOINHERIT' END,
  CASE WHEN rolcreaterole THEN 'CREATEROLE' ELSE 'NOCREATEROLE' END,
  CASE WHEN rolcreatedb THEN 'CREATEDB' ELSE 'NOCREATEDB' END, CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END,
  CASE WHEN rolreplication THEN 'REPLICATION' ELSE 'NOREPLICATION' END,
  CASE WHEN rolbypassrls THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END, rolconnlimit,
  CASE WHEN rolvaliduntil IS NULL THEN '' ELSE pg_catalog.format(' VALID UNTIL %L', rolvaliduntil) END)
FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_'
ORDER BY rolname
