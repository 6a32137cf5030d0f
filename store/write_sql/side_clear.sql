DELETE FROM migration_side
 WHERE migration_id IN (SELECT id FROM migration WHERE project_id = :project)
