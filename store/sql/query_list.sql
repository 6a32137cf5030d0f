SELECT file, digest, problem
  FROM project_query
 WHERE project_id = :project
 ORDER BY position
