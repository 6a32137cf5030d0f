SELECT pg_catalog.format('COMMENT ON DATABASE %I IS %L', $1::text, $2::text)
