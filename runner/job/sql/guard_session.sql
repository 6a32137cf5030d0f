SELECT pg_catalog.set_config('statement_timeout', '5000', false),
  pg_catalog.set_config('default_transaction_read_only', 'on', false)
