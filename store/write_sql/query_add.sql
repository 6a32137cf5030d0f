INSERT INTO project_query (project_id, position, file, digest, problem)
SELECT :project, count(*), :file, :digest, :problem
  FROM project_query
 WHERE project_id = :project
