UPDATE session
   SET seen_at = max(seen_at, :now)
 WHERE id = :id AND ended_at IS NULL
