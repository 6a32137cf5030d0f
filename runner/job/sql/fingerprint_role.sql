-- What belongs to the whole server, or to the database as one of its objects.
SELECT 'role', pg_catalog.quote_ident(r.rolname), pg_catalog.concat_ws(' | ', r.rolsuper, r.rolinherit, r.rolcreaterole,
    r.rolcreatedb, r.rolcanlogin, r.rolreplication, r.rolbypassrls, r.rolconnlimit, r.rolvaliduntil)
FROM pg_catalog.pg_roles r WHERE r.rolname !~ '^pg_'
UNION ALL
SELECT 'membership', pg_catalog.format('%I in %I', m.member::regrole, m.roleid::regrole),
  pg_catalog.concat_ws(' | ', m.admin_option, to_jsonb(m) ->> 'inherit_option', to_jsonb(m) ->> 'set_option')
FROM pg_catalog.pg_auth_members m
UNION ALL
SELECT 'settings', pg_catalog.concat_ws(' in ', CASE s.setrole WHEN 0 THEN 'everybody' ELSE s.setrole::regrole::text END,
    (SELECT d.datname FROM pg_catalog.pg_database d WHERE d.oid = s.setdatabase)),
  (SELECT pg_catalog.string_agg(x.c, ' | ' ORDER BY x.c) FROM pg_catalog.unnest(s.setconfig) x(c))
FROM pg_catalog.pg_db_role_setting s
UNION ALL
SELECT 'database', pg_catalog.quote_ident(d.datname), pg_catalog.concat_ws(' | ', 'owner ' || pg_catalog.pg_get_userbyid(d.datdba),
    d.datconnlimit, d.datallowconn,
    'privileges ' || (SELECT pg_catalog.string_agg(x.a::text, ' ' ORDER BY x.a::text)
      FROM pg_catalog.unnest(coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) x(a)))
FROM pg_catalog.pg_database d
UNION ALL
SELECT 'tablespace', pg_catalog.quote_ident(t.spcname), pg_catalog.pg_get_userbyid(t.spcowner)::text FROM pg_catalog.pg_tablespace t
