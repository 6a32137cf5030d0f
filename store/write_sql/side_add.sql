INSERT INTO migration_side (migration_id, side, file, digest, tokens, first_line, transactional, row_inside, stripped,
       not_analysed, problem, note, marks)
SELECT id, :side, :file, :digest, :tokens, :first_line, :transactional, :row_inside, :stripped, :not_analysed, :problem,
       :note, :marks
  FROM migration
 WHERE project_id = :project AND key = :key AND present = 1
