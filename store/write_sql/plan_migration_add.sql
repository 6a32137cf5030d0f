INSERT INTO plan_migration (plan_digest, position, key, version, name, description, author,
       digest, transactional, stripped, has_back, statements)
VALUES (:plan_digest, :position, :key, :version, :name, :description, :author,
       :digest, :transactional, :stripped, :has_back, :statements)
