SELECT name, value, value IS NOT NULL
  FROM migration_fact
 WHERE migration_id = :migration
 ORDER BY position
