-- As statements on the databases $1 (the target's), $2 (the new one, unfinished) and $3 (what the first is called then).
SELECT pg_catalog.format('ALTER DATABASE %I WITH ALLOW_CONNECTIONS false', $1::text),
  pg_catalog.format('ALTER DATABASE %I WITH ALLOW_CONNECTIONS true', $1::text),
  pg_catalog.format('ALTER DATABASE %I RENAME TO %I', $1::text, $3::text),
  pg_catalog.format('ALTER DATABASE %I RENAME TO %I', $2::text, $1::text),
  pg_catalog.format('ALTER DATABASE %I RENAME TO %I', $2::text, $3::text),
  pg_catalog.format('DROP DATABASE IF EXISTS %I', $2::text)
