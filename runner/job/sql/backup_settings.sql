-- Rows that a policy hides must not be missing silently; the transaction waits for pg_dump.
SELECT pg_catalog.set_config('row_security', 'off', false),
  pg_catalog.set_config('idle_in_transaction_session_timeout', '0', false),
  pg_catalog.set_config('statement_timeout', '0', false)
