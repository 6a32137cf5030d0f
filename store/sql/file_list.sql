SELECT file, taken_as, reason, digest
  FROM project_file
 WHERE project_id = :project AND (:taken_as = '' OR taken_as = :taken_as)
 ORDER BY file
