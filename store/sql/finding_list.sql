SELECT side, position, statement, rule, level, scale, line, column, object, message, rewrite, ignored, reason
  FROM finding
 WHERE migration_id = :migration AND (:side = '' OR side = :side)
 ORDER BY side DESC, position
