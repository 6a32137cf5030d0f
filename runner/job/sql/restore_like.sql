-- As statements: the database $1 gets the privileges, the limit and the comment of this one, and is a template as
-- this one is.
SELECT s.sql FROM (
  SELECT 1 AS at, pg_catalog.format('REVOKE ALL ON DATABASE %I FROM PUBLIC, %I', $1::text,
    pg_catalog.pg_get_userbyid(d.datdba)) AS sql
  FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
  UNION ALL
  SELECT 2, pg_catalog.format('GRANT %s ON DATABASE %I TO %s%s', x.privilege_type, $1::text,
    CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(x.grantee)) END,
    CASE WHEN x.is_grantable AND x.grantee <> 0 THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM pg_catalog.pg_database d,
    LATERAL pg_catalog.aclexplode(coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) x
  WHERE d.datname = pg_catalog.current_database()
  UNION ALL
  SELECT 3, pg_catalog.format('ALTER DATABASE %I CONNECTION LIMIT %s', $1::text, d.datconnlimit)
  FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database() AND d.datconnlimit >= 0
  UNION ALL
  SELECT 4, pg_catalog.format('COMMENT ON DATABASE %I IS %L', $1::text, pg_catalog.shobj_description(d.oid, 'pg_database'))
  FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
  UNION ALL
  SELECT 5, pg_catalog.format('ALTER DATABASE %I WITH IS_TEMPLATE true', $1::text)
  FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database() AND d.datistemplate
) s ORDER BY s.at, s.sql
