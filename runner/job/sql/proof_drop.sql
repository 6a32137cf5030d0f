-- Ends the database $1; a template, which its owner can make of it, cannot be dropped.
SELECT CASE WHEN datistemplate THEN pg_catalog.format('ALTER DATABASE %I IS_TEMPLATE false', datname) ELSE '' END,
  pg_catalog.format('DROP DATABASE IF EXISTS %I WITH (FORCE)', datname)
FROM pg_catalog.pg_database WHERE datname = $1
