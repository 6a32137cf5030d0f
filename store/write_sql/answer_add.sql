INSERT INTO answer (key, actor, op, code, reply, created_at)
VALUES (:key, :actor, :op, :code, :reply, :created_at)
