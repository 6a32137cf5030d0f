INSERT INTO plan_count (plan_digest, state, text, counted_at)
VALUES (:digest, :state, :text, :at)
ON CONFLICT (plan_digest) DO UPDATE SET state = excluded.state, text = excluded.text,
  counted_at = coalesce(excluded.counted_at, counted_at)
