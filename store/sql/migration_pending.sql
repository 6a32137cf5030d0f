SELECT id, project_id, project, key, version, version_number, name, file, description, author, written_on,
       present, problem, has_down, transactional
  FROM migration_row
 WHERE project_id = (SELECT project_id FROM target WHERE id = :target) AND present = 1
   AND NOT EXISTS (SELECT 1 FROM tracked k WHERE k.target_id = :target AND k.key = migration_row.key)
 ORDER BY version_number, key
