SELECT p.digest, p.target_id, t.name, p.direction, p.migrations, p.created_at, length(p.bytes), p.act
  FROM plan p
  JOIN target t ON t.id = p.target_id
 WHERE p.digest = :digest
