INSERT INTO plan_loss (plan_digest, position, migration, statement, object, there, since, text)
SELECT :digest, coalesce(max(position) + 1, 0), :migration, :statement, :object, :there, :since, :text
  FROM plan_loss
 WHERE plan_digest = :digest
