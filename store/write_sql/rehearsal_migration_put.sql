INSERT OR REPLACE INTO rehearsal_migration (rehearsal_id, migration, verdict, objects, loses, text)
VALUES (:id, :migration, :verdict, :objects, :loses, :text)
