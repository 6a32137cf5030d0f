-- For one transaction; asking for the number gives it one, so that it is in the journal before anything is done.
SELECT pg_catalog.pg_current_xact_id()::text,
  pg_catalog.set_config('lock_timeout', $1, true), pg_catalog.set_config('statement_timeout', $2, true)
