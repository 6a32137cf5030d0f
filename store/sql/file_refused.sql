SELECT file, taken_as, reason, digest
  FROM project_file
 WHERE project_id = (SELECT project_id FROM target WHERE id = :target) AND taken_as = 'refused'
   AND file GLOB '[0-9]*'
   AND NOT EXISTS (SELECT 1 FROM tracked k
                    WHERE k.target_id = :target AND k.key = substr(project_file.file, 1, length(project_file.file) - 4))
 ORDER BY file
