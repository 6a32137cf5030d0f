SELECT id, project_id, project, key, version, version_number, name, file, description, author, written_on,
       present, problem, has_down, transactional
  FROM migration_row
 WHERE project_id = :project AND (version_number, key) < (:number, :key)
 ORDER BY version_number DESC, key DESC
 LIMIT :limit
