SELECT key, standing, applied, decision, applied_at, checksum, by, text, digest, ran
  FROM standing
 WHERE target_id = :target
 ORDER BY key
