-- The same of COPY, from version 14 on.
SELECT CASE p.command WHEN 'COPY FROM' THEN 'reading' ELSE 'writing' END,
  (CASE WHEN p.bytes_total > 0 THEN p.bytes_processed ELSE p.tuples_processed END)::text, p.bytes_total::text,
  CASE WHEN p.bytes_total > 0 THEN 'bytes' ELSE 'tuples' END
FROM pg_catalog.pg_stat_progress_copy p WHERE p.pid = $1::int4
LIMIT 1
