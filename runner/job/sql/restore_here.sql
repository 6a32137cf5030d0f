-- What of this database a restore has to know: its bytes, prepared transactions (they hold its name), logical slots and
-- subscriptions (they stay with it).
SELECT pg_catalog.pg_database_size(d.oid)::text,
  (SELECT count(*)::text FROM pg_catalog.pg_prepared_xacts WHERE database = d.datname),
  (SELECT coalesce(pg_catalog.string_agg(slot_name::text, ', '), '') FROM pg_catalog.pg_replication_slots
    WHERE database = d.datname),
  (SELECT coalesce(pg_catalog.string_agg(subname::text, ', '), '') FROM pg_catalog.pg_subscription WHERE subdbid = d.oid)
FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
