-- The query for who holds locks on the relations $1.
SELECT pg_catalog.format('SELECT a.pid, a.usename AS role, a.application_name AS application, a.state, l.mode, l.relation::regclass AS relation, now() - a.xact_start AS transaction_age, a.query FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.relation IN (%s) AND l.pid <> pg_backend_pid() AND a.application_name <> current_setting(''application_name'') ORDER BY a.xact_start LIMIT 21',
    pg_catalog.string_agg(pg_catalog.quote_literal(name) || '::regclass', ', '))
FROM pg_catalog.unnest($1::text[]) name
WHERE pg_catalog.to_regclass(name) IS NOT NULL
HAVING pg_catalog.count(*) > 0
