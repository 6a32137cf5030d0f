CREATE TABLE password (
  person_id  INTEGER PRIMARY KEY,
  hash       TEXT NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;

-- digest: SHA-256("gatehouse runner" | token).
CREATE TABLE session_token (
  session_id INTEGER PRIMARY KEY,
  digest     BLOB NOT NULL UNIQUE CHECK (length(digest) = 32)
) STRICT;
