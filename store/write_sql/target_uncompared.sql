UPDATE target
   SET signature = ''
 WHERE project_id IN (SELECT id FROM project WHERE signature = '')
