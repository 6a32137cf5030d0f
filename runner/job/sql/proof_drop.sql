SELECT pg_catalog.format('DROP DATABASE IF EXISTS %I WITH (FORCE)', $1::text)
