DELETE FROM plan_loss WHERE plan_digest = :digest
