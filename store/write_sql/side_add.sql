INSERT INTO migration_side (migration_id, side, file, digest, first_line, transactional, stripped, problem)
SELECT id, :side, :file, :digest, :first_line, :transactional, :stripped, :problem
  FROM migration
 WHERE project_id = :project AND key = :key AND present = 1
