SELECT statement, object, lock, strength, rewrites, scans, writes
  FROM statement_touch
 WHERE migration_id = :migration AND side = :side
 ORDER BY statement, position
