INSERT INTO side_seen (project_id, key, side, digest, checksum, tokens, seen_at)
SELECT project_id, key, :side, :digest, checksum, :tokens, :now
  FROM migration
 WHERE project_id = :project AND key = :key
    ON CONFLICT (project_id, key, side, digest) DO UPDATE
   SET checksum = excluded.checksum, tokens = excluded.tokens
 WHERE checksum <> excluded.checksum OR tokens <> excluded.tokens
