SELECT pg_catalog.set_config('client_connection_check_interval', '1s', false)
