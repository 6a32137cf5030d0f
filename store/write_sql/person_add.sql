INSERT INTO person (name, created_at)
VALUES (:name, :created_at)
