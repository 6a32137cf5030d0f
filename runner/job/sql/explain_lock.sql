-- The query for who holds locks on the relations $1.
SELECT pg_catalog.format('SELECT a.pid, coalesce(a.usename, p.owner) AS role, a.application_name AS application, CASE WHEN p.gid IS NULL THEN a.state ELSE ''prepared transaction'' END AS state, l.mode, l.relation::regclass AS relation, now() - coalesce(a.xact_start, p.prepared) AS transaction_age, coalesce(a.query, ''PREPARE TRANSACTION '' || quote_literal(p.gid)) AS query FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid LEFT JOIN pg_prepared_xacts p ON l.pid IS NULL AND l.virtualtransaction = ''-1/'' || p.transaction WHERE l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.relation IN (%s) AND (p.gid IS NOT NULL OR l.pid <> pg_backend_pid() AND a.application_name <> current_setting(''application_name'')) ORDER BY coalesce(a.xact_start, p.prepared) LIMIT 21',
    pg_catalog.string_agg(pg_catalog.quote_literal(name) || '::regclass', ', '))
FROM pg_catalog.unnest($1::text[]) name
WHERE pg_catalog.to_regclass(name) IS NOT NULL
HAVING pg_catalog.count(*) > 0
