SELECT taken_as, count(*)
  FROM project_file
 WHERE project_id = :project
 GROUP BY taken_as
 ORDER BY taken_as
