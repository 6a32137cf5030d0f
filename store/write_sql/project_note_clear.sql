DELETE FROM project_note
 WHERE project_id = :project
