SELECT pg_catalog.to_regclass('{schema}.gatehouse_batch') IS NOT NULL
