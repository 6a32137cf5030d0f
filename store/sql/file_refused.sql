SELECT file, taken_as, reason, digest,
       coalesce((SELECT m.key FROM migration m
                  WHERE m.project_id = project_file.project_id AND m.key = project_file.key AND m.present = 1), '')
  FROM project_file
 WHERE project_id = (SELECT project_id FROM target WHERE id = :target) AND taken_as = 'refused'
   AND NOT EXISTS (SELECT 1 FROM standing s
                    WHERE s.target_id = :target AND s.applied = 1 AND (s.key = project_file.key
                       OR s.key = substr(project_file.file, 1, length(project_file.file) - 4)))
 ORDER BY file
