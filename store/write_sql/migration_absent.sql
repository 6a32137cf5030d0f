UPDATE migration
   SET present = 0
 WHERE project_id = :project AND present = 1
