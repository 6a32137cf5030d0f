INSERT INTO finding (migration_id, side, position, statement, rule, level, scale, line, column, object, message, rewrite,
       ignored, reason)
SELECT id, :side, (SELECT count(*) FROM finding f WHERE f.migration_id = migration.id AND f.side = :side), :statement, :rule,
       :level, :scale, :line, :column, :object, :message, :rewrite, :ignored, :reason
  FROM migration
 WHERE project_id = :project AND key = :key
