SELECT state, text, counted_at
  FROM plan_count
 WHERE plan_digest = :digest
