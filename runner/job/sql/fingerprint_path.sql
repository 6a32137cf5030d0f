-- Every name is shown with its schema.
SELECT pg_catalog.set_config('search_path', 'pg_catalog', true)
