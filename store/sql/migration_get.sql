SELECT id, project_id, project, key, version, version_number, name, file, description, author, written_on,
       present, problem, has_down, transactional, repeatable, code, checksum, has_verify, digest, not_analysed, note,
       findings
  FROM migration_row
 WHERE project_id = (SELECT id FROM project WHERE name = :project) AND (version = :version OR key = :version)
 ORDER BY present DESC, version_number, key
 LIMIT 1
