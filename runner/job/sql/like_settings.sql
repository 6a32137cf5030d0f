-- Settings of the server that change what SQL means or does; what a role or the database has set is copied as that.
SELECT name, setting
FROM pg_catalog.pg_settings
WHERE setting IS NOT NULL AND source NOT IN ('default', 'override', 'client', 'session', 'user', 'database', 'database user',
    'interactive', 'test')
  AND (name IN ('search_path', 'TimeZone', 'DateStyle', 'IntervalStyle', 'standard_conforming_strings', 'bytea_output',
      'extra_float_digits', 'xmlbinary', 'xmloption', 'row_security', 'check_function_bodies', 'transform_null_equals',
      'array_nulls', 'backslash_quote', 'escape_string_warning', 'lo_compat_privileges', 'quote_all_identifiers',
      'max_locks_per_transaction', 'max_prepared_transactions', 'wal_level', 'wal_compression', 'jit', 'timezone_abbreviations',
      'password_encryption', 'session_replication_role', 'createrole_self_grant')
    OR (pg_catalog.starts_with(name, 'default_') AND name NOT IN ('default_tablespace', 'default_table_access_method')))
ORDER BY name
