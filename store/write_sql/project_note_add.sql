INSERT INTO project_note (project_id, position, text)
SELECT :project, count(*), :text
  FROM project_note
 WHERE project_id = :project
