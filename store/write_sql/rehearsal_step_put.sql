INSERT OR REPLACE INTO rehearsal_step (rehearsal_id, migration, pass, statement, state, took_us, row_count, blocks, wal_bytes,
  locks, rewritten, error, line, kind)
VALUES (:id, :migration, :pass, :statement, :state, :took_us, :row_count, :blocks, :wal_bytes, :locks, :rewritten, :error,
  :line, :kind)
