INSERT INTO orphan (file, size, changed_at, seen_at, text)
VALUES (:file, :size, :changed_at, :seen_at, :text)
