-- Values are written and read in one form.
SELECT pg_catalog.set_config('DateStyle', 'ISO', false), pg_catalog.set_config('IntervalStyle', 'postgres', false),
  pg_catalog.set_config('extra_float_digits', '3', false), pg_catalog.set_config('lock_timeout', '10s', false),
  pg_catalog.set_config('statement_timeout', '10min', false), pg_catalog.set_config('search_path', '', false)
