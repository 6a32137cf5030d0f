-- Settings of this database and of roles in it: name, value, and the statement that gives them to the database $1 once they
-- are the session's.
SELECT pg_catalog.split_part(x.c, '=', 1), pg_catalog.substr(x.c, pg_catalog.strpos(x.c, '=') + 1),
  CASE s.setrole WHEN 0 THEN pg_catalog.format('ALTER DATABASE %I SET %I FROM CURRENT', $1::text,
      pg_catalog.split_part(x.c, '=', 1))
    ELSE pg_catalog.format('ALTER ROLE %I IN DATABASE %I SET %I FROM CURRENT', pg_catalog.pg_get_userbyid(s.setrole),
      $1::text, pg_catalog.split_part(x.c, '=', 1)) END
FROM pg_catalog.pg_db_role_setting s, LATERAL pg_catalog.unnest(s.setconfig) x(c)
WHERE s.setdatabase = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
ORDER BY s.setrole, 1
