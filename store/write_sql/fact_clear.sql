DELETE FROM migration_fact
 WHERE migration_id IN (SELECT id FROM migration WHERE project_id = :project)
