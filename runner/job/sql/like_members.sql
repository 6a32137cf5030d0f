SELECT pg_catalog.format('GRANT %I TO %I%s%s', r.rolname, m.rolname,
  CASE WHEN a.admin_option THEN ' WITH ADMIN OPTION' ELSE '' END,
  CASE WHEN to_jsonb(a) ->> 'inherit_option' IS NULL THEN ''
    ELSE CASE WHEN a.admin_option THEN ', ' ELSE ' WITH ' END || 'INHERIT ' || upper(to_jsonb(a) ->> 'inherit_option')
      || ', SET ' || upper(to_jsonb(a) ->> 'set_option') END)
FROM pg_catalog.pg_auth_members a
JOIN pg_catalog.pg_roles r ON r.oid = a.roleid
JOIN pg_catalog.pg_roles m ON m.oid = a.member
WHERE m.rolname !~ '^pg_'
ORDER BY r.rolname, m.rolname
