-- DETACH PARTITION CONCURRENTLY that got half way; from version 14 on, as the statement itself.
SELECT n.nspname::text, c.relname::text, p.nspname || '.' || t.relname
FROM pg_catalog.pg_inherits i
JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class t ON t.oid = i.inhparent
JOIN pg_catalog.pg_namespace p ON p.oid = t.relnamespace
WHERE i.inhdetachpending
ORDER BY 1, 2
LIMIT 1
