-- Nothing of what was restored is found by a name that is not written out, no row is hidden silently.
SELECT pg_catalog.set_config('search_path', '', false), pg_catalog.set_config('row_security', 'off', false),
  pg_catalog.set_config('statement_timeout', '0', false), pg_catalog.set_config('lock_timeout', '60s', false),
  pg_catalog.set_config('idle_in_transaction_session_timeout', '0', false)
