UPDATE run
   SET error_migration = :migration, error_statement = :statement, sqlstate = :sqlstate, error = :error,
       error_detail = :detail, error_hint = :hint, error_line = :line, error_object = :object
 WHERE id = :id
