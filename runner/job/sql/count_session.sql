-- Read only, briefly, and no row hidden by a policy without a word.
SELECT pg_catalog.set_config('default_transaction_read_only', 'on', false), pg_catalog.set_config('row_security', 'off', false),
  pg_catalog.set_config('lock_timeout', '2s', false), pg_catalog.set_config('statement_timeout', '30s', false)
