INSERT INTO migration_statement (migration_id, side, position, at, length, line, kind, tx_group, alone, destructive,
       reversible, object, object_kind)
SELECT id, :side, :position, :at, :length, :line, :kind, :tx_group, :alone, :destructive, :reversible, :object,
       :object_kind
  FROM migration
 WHERE project_id = :project AND key = :key
