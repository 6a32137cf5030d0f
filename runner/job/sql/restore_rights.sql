-- What the role $1 lacks to make a database like this one, and with $2 to put it in this one's place: a sentence, and the
-- statement that gives it.  A superuser lacks nothing.
WITH who AS (SELECT rolname, rolcreatedb FROM pg_catalog.pg_roles WHERE rolname = $1 AND NOT rolsuper),
here AS (SELECT oid, datdba, dattablespace FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()),
owners AS (
  SELECT datdba AS role FROM here
  UNION
  SELECT s.refobjid FROM pg_catalog.pg_shdepend s JOIN here ON s.dbid = here.oid
  WHERE s.deptype = 'o' AND s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
  UNION
  SELECT c.relowner FROM pg_catalog.pg_class c
  WHERE c.relowner = 10 AND c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
  UNION
  SELECT f.proowner FROM pg_catalog.pg_proc f
  WHERE f.proowner = 10 AND f.oid >= 16384
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = f.oid AND d.deptype = 'e')
  UNION
  SELECT n.nspowner FROM pg_catalog.pg_namespace n
  WHERE n.nspowner = 10 AND n.oid >= 16384 AND n.nspname !~ '^pg_'
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.objid = n.oid AND d.deptype = 'e')
)
SELECT 'it may not create databases', pg_catalog.format('ALTER ROLE %I CREATEDB', who.rolname)
FROM who WHERE NOT who.rolcreatedb
UNION ALL
SELECT pg_catalog.format('it is no member of %s, which owns %s', o.rolname,
    CASE WHEN o.oid = here.datdba THEN 'the database' ELSE 'objects in it' END),
  pg_catalog.format('GRANT %I TO %I', o.rolname, who.rolname)
FROM who, here, owners JOIN pg_catalog.pg_roles o ON o.oid = owners.role
WHERE o.rolname <> 'pg_database_owner' AND (NOT pg_catalog.pg_has_role(who.rolname, o.oid, 'USAGE')
  OR CASE WHEN pg_catalog.current_setting('server_version_num')::int4 >= 160000
    THEN NOT pg_catalog.pg_has_role(who.rolname, o.oid, 'SET') ELSE false END)
UNION ALL
SELECT 'it may not end the sessions of others', pg_catalog.format('GRANT pg_signal_backend TO %I', who.rolname)
FROM who WHERE $2::boolean AND NOT pg_catalog.pg_has_role(who.rolname, 'pg_signal_backend', 'USAGE')
UNION ALL
SELECT DISTINCT pg_catalog.format('only a superuser may restore what %s owns in the schema %s, where it may create only because '
    || 'that was granted', o.rolname, n.nspname), pg_catalog.format('ALTER ROLE %I SUPERUSER', who.rolname)
FROM who, pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND c.oid >= 16384 AND n.nspname !~ '^pg_' AND NOT o.rolsuper
  AND NOT pg_catalog.pg_has_role(o.oid, n.nspowner, 'USAGE')
  AND (n.nspname <> 'public' OR pg_catalog.current_setting('server_version_num')::int4 >= 150000)
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
UNION ALL
SELECT pg_catalog.format('it may not create anything in the tablespace %s, which the database uses', t.spcname),
  pg_catalog.format('GRANT CREATE ON TABLESPACE %I TO %I', t.spcname, who.rolname)
FROM who, here, pg_catalog.pg_tablespace t
WHERE t.spcname NOT IN ('pg_default', 'pg_global') AND NOT pg_catalog.has_tablespace_privilege(who.rolname, t.oid, 'CREATE')
  AND (t.oid = here.dattablespace OR t.oid IN (SELECT reltablespace FROM pg_catalog.pg_class))
UNION ALL
SELECT pg_catalog.format('only a superuser may create the extension %s', x.extname),
  pg_catalog.format('ALTER ROLE %I SUPERUSER', who.rolname)
FROM who, pg_catalog.pg_extension x
JOIN pg_catalog.pg_available_extension_versions v ON v.name = x.extname AND v.version = x.extversion
WHERE v.superuser AND NOT v.trusted
UNION ALL
SELECT pg_catalog.format('only a superuser may create the event trigger %s', t.evtname),
  pg_catalog.format('ALTER ROLE %I SUPERUSER', who.rolname)
FROM who, pg_catalog.pg_event_trigger t
ORDER BY 1
