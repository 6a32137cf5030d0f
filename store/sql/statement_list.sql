SELECT position, at, length, line, kind, object, object_kind, alone, tx_group, destructive, reversible
  FROM migration_statement
 WHERE migration_id = :migration AND side = :side
 ORDER BY position
