-- What this role owns and has set beyond the databases of proofs ($1: how their names begin), a line each.
WITH me AS (SELECT oid, rolname FROM pg_catalog.pg_roles WHERE rolname = current_user)
SELECT 'database ' || pg_catalog.quote_ident(d.datname),
  CASE WHEN pg_catalog.starts_with(d.datname::text, 'gatehouse_')
      OR EXISTS (SELECT 1 FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid) THEN ''
    ELSE pg_catalog.format('DROP DATABASE IF EXISTS %I', d.datname) END
FROM pg_catalog.pg_database d, me
WHERE d.datdba = me.oid AND NOT pg_catalog.starts_with(d.datname::text, $1)
UNION ALL
SELECT pg_catalog.format('settings of %s: %s', coalesce((SELECT pg_catalog.quote_ident(d.datname)
      FROM pg_catalog.pg_database d WHERE d.oid = s.setdatabase), 'the role'), s.setconfig::text),
  pg_catalog.format('ALTER ROLE CURRENT_USER%s RESET ALL', coalesce((SELECT pg_catalog.format(' IN DATABASE %I', d.datname)
      FROM pg_catalog.pg_database d WHERE d.oid = s.setdatabase), ''))
FROM pg_catalog.pg_db_role_setting s, me WHERE s.setrole = me.oid
UNION ALL
SELECT pg_catalog.format('settings of everybody in %I: %s', d.datname, s.setconfig::text),
  pg_catalog.format('ALTER DATABASE %I RESET ALL', d.datname)
FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase, me
WHERE s.setrole = 0 AND d.datdba = me.oid AND NOT pg_catalog.starts_with(d.datname::text, $1)
UNION ALL
SELECT pg_catalog.format('membership of %s in %s', m.member::regrole, m.roleid::regrole),
  pg_catalog.format('REVOKE %s FROM %s', m.roleid::regrole, m.member::regrole)
FROM pg_catalog.pg_auth_members m, me WHERE m.roleid = me.oid OR m.member = me.oid
ORDER BY 1
