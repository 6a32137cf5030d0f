-- What this role owns and has set beyond the databases of proofs ($1: how their names begin), a line each;
-- how it is undone ('': by nobody but an administrator), and why no proof begins with it ('': it may be there).
-- $2: the database of this proof.  The language of the server's answers is an administrator's to set, and to leave.
WITH me AS (SELECT oid, rolname FROM pg_catalog.pg_roles WHERE rolname = current_user),
setting AS (
  SELECT s.setdatabase, s.setrole, pg_catalog.array_agg(c ORDER BY c) AS setconfig
  FROM pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) c
  WHERE NOT pg_catalog.starts_with(c, 'lc_messages=') GROUP BY 1, 2)
SELECT pg_catalog.format('database %I, made by it or by somebody else with this role', d.datname), '',
  CASE WHEN pg_catalog.starts_with(d.datname::text, 'gatehouse_proof_') THEN ''
    ELSE pg_catalog.format('owns the database %I', d.datname) END
FROM pg_catalog.pg_database d, me
WHERE d.datdba = me.oid AND NOT pg_catalog.starts_with(d.datname::text, $1)
UNION ALL
SELECT 'limits of its own database', '', ''
FROM pg_catalog.pg_database d
WHERE d.datname = $2 AND (d.datistemplate OR d.datconnlimit <> -1 OR NOT d.datallowconn)
UNION ALL
SELECT pg_catalog.format('settings of %s: %s', coalesce(pg_catalog.quote_ident(d.datname), 'the role'), s.setconfig::text),
  'ALTER ROLE CURRENT_USER' || coalesce(' IN DATABASE ' || pg_catalog.quote_ident(d.datname), '') || ' RESET ALL',
  'has settings of its own: ' || s.setconfig::text
FROM setting s JOIN me ON s.setrole = me.oid LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
WHERE d.datname IS NULL OR NOT pg_catalog.starts_with(d.datname::text, $1)
UNION ALL
SELECT pg_catalog.format('settings of everybody in %I: %s', d.datname, s.setconfig::text),
  pg_catalog.format('ALTER DATABASE %I RESET ALL', d.datname), ''
FROM setting s JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase, me
WHERE s.setrole = 0 AND d.datdba = me.oid AND NOT pg_catalog.starts_with(d.datname::text, $1)
UNION ALL
SELECT pg_catalog.format('membership of %s in %s', m.member::regrole, m.roleid::regrole),
  pg_catalog.format('REVOKE %s FROM %s', m.roleid::regrole, m.member::regrole),
  CASE WHEN m.grantor = me.oid THEN pg_catalog.format('has given membership in %s to %s', m.roleid::regrole, m.member::regrole)
    ELSE '' END
FROM pg_catalog.pg_auth_members m, me WHERE m.roleid = me.oid OR m.member = me.oid
ORDER BY 1
