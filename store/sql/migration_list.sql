SELECT id, project_id, project, key, version, version_number, name, file, description, author, written_on,
       present, problem, has_down, transactional, repeatable, code, checksum, has_verify, digest, not_analysed, note,
       findings
  FROM migration_row
 WHERE project_id = :project AND (version_number, key) < (:number, :key)
   AND (present = 1 OR EXISTS (SELECT 1 FROM standing s JOIN target t ON t.id = s.target_id
                                WHERE s.key = migration_row.key AND t.project_id = migration_row.project_id))
 ORDER BY version_number DESC, key DESC
 LIMIT :limit
