SELECT file, taken_as, reason, digest, key
  FROM project_file
 WHERE project_id = :project AND file > :after
 ORDER BY file
 LIMIT :limit
