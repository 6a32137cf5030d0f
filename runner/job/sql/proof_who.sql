-- Who proves there: its name, why it may not ("" it may), the server's version and in which language it answers.  What is
-- restored runs as this role.
SELECT current_user::text, CASE
    WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_roles s WHERE s.rolsuper AND pg_catalog.pg_has_role(session_user, s.oid, 'MEMBER'))
      THEN 'is a superuser, or may become one'
    WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_roles s WHERE s.rolcreaterole AND pg_catalog.pg_has_role(session_user, s.oid, 'MEMBER'))
      THEN 'may create roles'
    WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_roles s WHERE s.rolreplication AND pg_catalog.pg_has_role(session_user, s.oid, 'MEMBER'))
      THEN 'may replicate'
    WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_roles s WHERE pg_catalog.pg_has_role(session_user, s.oid, 'MEMBER')
        AND s.rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files', 'pg_signal_backend',
          'pg_create_subscription', 'pg_maintain', 'pg_checkpoint'))
      THEN 'may do what reaches beyond a database (pg_execute_server_program or its like)'
    WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles r ON r.oid = m.member
        WHERE r.rolname IN (current_user, session_user))
      THEN 'is a member of another role'
    WHEN NOT (SELECT r.rolcreatedb FROM pg_catalog.pg_roles r WHERE r.rolname = current_user)
      THEN 'may not create databases'
    ELSE '' END,
  (pg_catalog.current_setting('server_version_num')::int / 10000)::text,
  pg_catalog.split_part(pg_catalog.current_setting('server_version'), ' ', 1),
  pg_catalog.current_setting('lc_messages')
