-- As statements on the databases $1 (the target's), $2 (the new one, unfinished) and $3 (what the first is called then).  A
-- template, which the code of a dump can make of it, cannot be dropped.
SELECT pg_catalog.format('ALTER DATABASE %I WITH ALLOW_CONNECTIONS false', $1::text),
  pg_catalog.format('ALTER DATABASE %I WITH ALLOW_CONNECTIONS true', $1::text),
  pg_catalog.format('ALTER DATABASE %I RENAME TO %I', $1::text, $3::text),
  pg_catalog.format('ALTER DATABASE %I RENAME TO %I', $2::text, $1::text),
  pg_catalog.format('ALTER DATABASE %I RENAME TO %I', $2::text, $3::text),
  coalesce((SELECT pg_catalog.format('ALTER DATABASE %I WITH IS_TEMPLATE false', datname) FROM pg_catalog.pg_database
    WHERE datname = $2 AND datistemplate), ''),
  pg_catalog.format('DROP DATABASE IF EXISTS %I', $2::text)
