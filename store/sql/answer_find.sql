SELECT actor, op, code, reply, created_at
  FROM answer
 WHERE key = :key
