SELECT pg_catalog.format('ALTER ROLE CURRENT_USER PASSWORD %L', $1::text)
