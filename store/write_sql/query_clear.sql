DELETE FROM project_query
 WHERE project_id = :project
