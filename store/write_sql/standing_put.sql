INSERT INTO standing (target_id, key, standing, applied, decision, applied_at, checksum, by, text, digest, ran)
VALUES (:target, :key, :standing, :applied, :decision, :applied_at, :checksum, :by, :text, :digest, 0)
    ON CONFLICT (target_id, key) DO UPDATE
   SET standing = excluded.standing, applied = excluded.applied, decision = excluded.decision,
       applied_at = excluded.applied_at, checksum = excluded.checksum, by = excluded.by, text = excluded.text,
       digest = excluded.digest, ran = 0
