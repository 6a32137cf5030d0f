INSERT INTO tracked (target_id, key, applied_at)
VALUES (:target, :key, :applied_at)
    ON CONFLICT (target_id, key) DO UPDATE
   SET applied_at = excluded.applied_at
