SELECT text
  FROM project_note
 WHERE project_id = :project
 ORDER BY position
