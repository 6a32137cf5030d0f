-- As statements: what the code of a dump has made of the new database $1 itself, whose owner is to be $2, is undone.
SELECT s.sql FROM (
  SELECT 1 AS at, pg_catalog.format('ALTER DATABASE %I WITH IS_TEMPLATE false', datname) AS sql
  FROM pg_catalog.pg_database WHERE datname = $1 AND datistemplate
  UNION ALL
  SELECT 1, pg_catalog.format('ALTER DATABASE %I WITH ALLOW_CONNECTIONS true', datname)
  FROM pg_catalog.pg_database WHERE datname = $1 AND NOT datallowconn
  UNION ALL
  SELECT 1, pg_catalog.format('ALTER DATABASE %I CONNECTION LIMIT -1', datname)
  FROM pg_catalog.pg_database WHERE datname = $1 AND datconnlimit <> -1
  UNION ALL
  SELECT 1, CASE s.setrole WHEN 0 THEN pg_catalog.format('ALTER DATABASE %I RESET ALL', d.datname)
    ELSE pg_catalog.format('ALTER ROLE %I IN DATABASE %I RESET ALL', pg_catalog.pg_get_userbyid(s.setrole), d.datname) END
  FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase WHERE d.datname = $1
  UNION ALL
  SELECT DISTINCT 2, pg_catalog.format('REVOKE ALL ON DATABASE %I FROM %s CASCADE', d.datname,
    CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(x.grantee)) END)
  FROM pg_catalog.pg_database d, LATERAL pg_catalog.aclexplode(d.datacl) x WHERE d.datname = $1 AND x.grantee <> d.datdba
  UNION ALL
  SELECT 3, pg_catalog.format('ALTER DATABASE %I OWNER TO %I', datname, $2::text)
  FROM pg_catalog.pg_database WHERE datname = $1 AND pg_catalog.pg_get_userbyid(datdba) <> $2
) s ORDER BY s.at, s.sql
