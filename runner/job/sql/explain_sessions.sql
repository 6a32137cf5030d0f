-- The query for the sessions $1.
SELECT pg_catalog.format('SELECT pid, usename AS role, application_name AS application, state, now() - xact_start AS transaction_age, query FROM pg_stat_activity WHERE pid = ANY (%L)', $1::int[])
