-- Where sequences stand, as statements; one that this role may not read begins anew.
SELECT pg_catalog.format('SELECT pg_catalog.setval(%L, %s)', pg_catalog.format('%I.%I', schemaname, sequencename), last_value)
FROM pg_catalog.pg_sequences WHERE last_value IS NOT NULL
