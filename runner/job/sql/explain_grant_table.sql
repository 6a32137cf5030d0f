-- A table, view or sequence named $1: the query for what the role may; $2 the privilege that is missing; the GRANT, and
-- for an owner's right ($3 true) who would have to be the owner.
SELECT pg_catalog.format('SELECT current_user AS role, pg_get_userbyid(relowner) AS owner%s FROM pg_class WHERE oid = %L::regclass',
    (SELECT pg_catalog.string_agg(pg_catalog.format(', %s(oid, %L) AS %I', CASE WHEN c.relkind = 'S' THEN 'has_sequence_privilege'
        ELSE 'has_table_privilege' END, p, pg_catalog.lower(p)), '' ORDER BY o)
      FROM pg_catalog.unnest(CASE WHEN c.relkind = 'S' THEN ARRAY['USAGE', 'SELECT', 'UPDATE']
        ELSE ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'] END) WITH ORDINALITY u(p, o)),
    pg_catalog.format('%I.%I', n.nspname, c.relname)),
  $2,
  CASE WHEN $3::bool THEN pg_catalog.format('ALTER %s %I.%I OWNER TO %I', CASE c.relkind WHEN 'S' THEN 'SEQUENCE'
      WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'i' THEN 'INDEX' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
      n.nspname, c.relname, current_user)
    ELSE pg_catalog.format('GRANT %s ON %s%I.%I TO %I', $2::text, CASE WHEN c.relkind = 'S' THEN 'SEQUENCE ' ELSE '' END,
      n.nspname, c.relname, current_user) END,
  pg_catalog.format('GRANT %I TO %I', pg_catalog.pg_get_userbyid(c.relowner), current_user),
  pg_catalog.format('%I.%I', n.nspname, c.relname)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = $1 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY CASE WHEN $3::bool THEN pg_catalog.pg_has_role(c.relowner, 'USAGE') ELSE c.relkind <> 'S'
    AND pg_catalog.has_table_privilege(c.oid, CASE WHEN c.relkind = 'S' THEN 'SELECT' ELSE coalesce(nullif($2, 'USAGE'), 'SELECT') END) END,
  pg_catalog.pg_table_is_visible(c.oid) DESC
LIMIT 1
