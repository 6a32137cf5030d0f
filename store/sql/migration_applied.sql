SELECT m.id, m.project_id, m.project, m.key, m.version, m.version_number, m.name, m.file, m.description, m.author,
       m.written_on, m.present, m.problem, m.has_down, m.transactional, m.repeatable, m.code, m.checksum, m.has_verify,
       m.digest, m.not_analysed, m.note,
       0, s.standing, s.decision, s.text
  FROM target t
 CROSS JOIN migration_row m ON m.project_id = t.project_id
 CROSS JOIN standing s ON s.target_id = t.id AND s.key = m.key AND s.applied = 1
 WHERE t.id = :target
 ORDER BY m.version_number DESC, m.key DESC
 LIMIT :limit
