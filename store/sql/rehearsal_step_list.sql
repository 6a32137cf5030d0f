SELECT migration, pass, statement, state, took_us, row_count, blocks, wal_bytes, locks, rewritten, error, line, kind
  FROM rehearsal_step
 WHERE rehearsal_id = :id
 ORDER BY migration, pass, statement
