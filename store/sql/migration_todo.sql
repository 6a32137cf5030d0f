SELECT m.id, m.project_id, m.project, m.key, m.version, m.version_number, m.name, m.file, m.description, m.author,
       m.written_on, m.present, m.problem, m.has_down, m.transactional, m.repeatable, m.code, m.checksum, m.has_verify,
       m.digest, m.not_analysed, m.note,
       0, s.standing, s.decision, s.text
  FROM standing s
  JOIN target t ON t.id = s.target_id
  JOIN migration_row m ON m.project_id = t.project_id AND m.key = s.key
 WHERE s.target_id = :target AND s.decision IN ('runs', 'never', 'blocks')
 ORDER BY m.version_number, m.key
