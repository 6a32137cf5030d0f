SELECT migration, verdict, objects, loses, text
  FROM rehearsal_migration
 WHERE rehearsal_id = :id
 ORDER BY migration
