-- Databases of proofs, and whether nobody is at it any more: who is, holds the lock of its name.
SELECT datname, pg_catalog.pg_try_advisory_lock(pg_catalog.hashtextextended(datname::text, 7))
FROM pg_catalog.pg_database WHERE pg_catalog.starts_with(datname::text, $1)
