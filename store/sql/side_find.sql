SELECT s.side, s.file, s.digest, s.problem, s.first_line, s.transactional, s.stripped, length(c.bytes), s.row_inside,
       s.not_analysed, s.tokens, s.note, s.marks
  FROM migration_side s
  JOIN content c ON c.digest = s.digest
 WHERE s.migration_id = :migration AND s.side = :side
