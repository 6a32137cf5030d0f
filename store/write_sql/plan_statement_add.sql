INSERT INTO plan_statement (plan_digest, migration, position, line, kind, alone, sql, tx_group)
VALUES (:plan_digest, :migration, :position, :line, :kind, :alone, :sql, :tx_group)
