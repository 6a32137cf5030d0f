INSERT INTO migration_fact (migration_id, position, name, value)
SELECT id, :position, :name, :value
  FROM migration
 WHERE project_id = :project AND key = :key AND present = 1
