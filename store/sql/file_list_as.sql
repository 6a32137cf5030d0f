SELECT file, taken_as, reason, digest, key
  FROM project_file
 WHERE project_id = :project AND taken_as = :taken_as AND file > :after
 ORDER BY file
 LIMIT :limit
