DELETE FROM project_file
 WHERE project_id = :project
