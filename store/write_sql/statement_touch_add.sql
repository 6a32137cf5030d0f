INSERT INTO statement_touch (migration_id, side, statement, position, object, lock, strength, rewrites, scans, writes)
SELECT id, :side, :statement, :position, :object, :lock, :strength, :rewrites, :scans, :writes
  FROM migration
 WHERE project_id = :project AND key = :key
