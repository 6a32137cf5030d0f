SELECT position, key, version, name, description, author, digest, transactional, stripped, has_back, statements, row_inside,
       has_verify, batched
  FROM plan_migration
 WHERE plan_digest = :digest AND position >= :from
 ORDER BY position
 LIMIT :limit
