INSERT INTO plan_migration (plan_digest, position, key, version, name, description, author,
       digest, transactional, stripped, has_back, statements, row_inside, has_verify, batched)
VALUES (:plan_digest, :position, :key, :version, :name, :description, :author,
       :digest, :transactional, :stripped, :has_back, :statements, :row_inside, :has_verify, :batched)
