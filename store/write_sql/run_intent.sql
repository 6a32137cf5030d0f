UPDATE run
   SET intent_migration = :migration, intent_statement = :statement, intent_xid = :xid
 WHERE id = :id
