INSERT INTO plan_statement (plan_digest, migration, position, line, kind, alone, sql, tx_group, effect)
VALUES (:plan_digest, :migration, :position, :line, :kind, :alone, :sql, :tx_group, :effect)
