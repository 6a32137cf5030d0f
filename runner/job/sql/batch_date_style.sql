SELECT pg_catalog.set_config('datestyle', 'ISO', false)
