SELECT id, project_id, project, key, version, version_number, name, file, description, author, written_on,
       present, problem, has_down, transactional, repeatable, code, checksum, has_verify, digest, not_analysed, note,
       findings
  FROM migration_row
 WHERE project_id = :project AND (version_number, key) < (:number, :key)
   AND (present = 1 OR EXISTS (SELECT 1 FROM standing s JOIN target t ON t.id = s.target_id
                                WHERE s.key = migration_row.key AND t.project_id = migration_row.project_id))
   AND (:text = '' OR instr(lower(key), lower(:text)) > 0 OR instr(lower(file), lower(:text)) > 0
        OR instr(lower(name), lower(:text)) > 0 OR instr(lower(author), lower(:text)) > 0
        OR instr(lower(description), lower(:text)) > 0)
   AND (:standing = '' OR EXISTS (SELECT 1 FROM standing s JOIN target t ON t.id = s.target_id
         WHERE s.key = migration_row.key AND t.project_id = migration_row.project_id AND t.ended_at IS NULL
           AND (:target = 0 OR t.id = :target)
           AND (s.standing = :standing OR (:standing = 'edited' AND s.standing = 'applied' AND s.checksum = ''
                AND s.digest <> '' AND s.digest <> migration_row.digest))))
 ORDER BY version_number DESC, key DESC
 LIMIT :limit
