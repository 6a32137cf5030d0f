-- What a rehearsal of this installation has left behind, and its own database.
SELECT pg_catalog.format('DROP DATABASE IF EXISTS %I WITH (FORCE)', datname)
FROM pg_catalog.pg_database WHERE pg_catalog.starts_with(datname::text, $1::text)
