SELECT migration, position, line, kind, alone, substr(sql, 1, :shown), length(CAST(sql AS BLOB)), tx_group, effect
  FROM plan_statement
 WHERE plan_digest = :digest AND migration = :migration
 ORDER BY position
