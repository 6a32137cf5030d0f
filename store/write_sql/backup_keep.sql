UPDATE backup
   SET keep_until = :until, kept_for = :why
 WHERE id = :id AND file <> ''
