SELECT pg_catalog.unnest($1::text[])
