SELECT file, text, size, changed_at, seen_at
  FROM orphan
 ORDER BY file
