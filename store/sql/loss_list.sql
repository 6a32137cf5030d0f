SELECT position, migration, statement, object, there, since, text
  FROM plan_loss
 WHERE plan_digest = :digest
 ORDER BY position
