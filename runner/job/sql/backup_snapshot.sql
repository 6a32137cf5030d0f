SELECT pg_catalog.pg_export_snapshot(), pg_catalog.txid_current_snapshot()::text,
  pg_catalog.pg_database_size(pg_catalog.current_database())
