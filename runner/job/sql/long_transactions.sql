SELECT pid::text, coalesce(usename::text, ''), coalesce(application_name, ''),
  pg_catalog.floor(extract(epoch FROM pg_catalog.clock_timestamp() - xact_start))::int8
FROM pg_catalog.pg_stat_activity
WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid()
  AND xact_start < pg_catalog.clock_timestamp() - interval '5 minutes'
ORDER BY xact_start LIMIT 20
