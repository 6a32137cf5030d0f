INSERT INTO plan_statement (plan_digest, migration, position, line, kind, alone, sql)
VALUES (:plan_digest, :migration, :position, :line, :kind, :alone, :sql)
