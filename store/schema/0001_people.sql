-- Legal changes of state: {object, from, to, who}.  The triggers of each step consult it and the documentation prints it.
CREATE TABLE state_move (
  object     TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  who        TEXT NOT NULL,
  PRIMARY KEY (object, from_state, to_state)
) STRICT;

CREATE TABLE person (
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),
  created_at INTEGER NOT NULL,
  ended_at   INTEGER              -- set: may no longer sign in
) STRICT;

CREATE TABLE person_role (
  person_id INTEGER NOT NULL REFERENCES person,
  role      TEXT NOT NULL CHECK (role IN ('viewer', 'lead', 'auditor', 'admin')),
  PRIMARY KEY (person_id, role)
) STRICT;

-- verifier: SHA-256("gatehouse web" | token).  It lets the web tier recognise a session and nothing more: the runner
-- checks another digest of the same token, which the web tier cannot read.
CREATE TABLE session (
  id         INTEGER PRIMARY KEY,
  person_id  INTEGER NOT NULL REFERENCES person,
  verifier   BLOB NOT NULL UNIQUE CHECK (length(verifier) = 32),
  address    TEXT NOT NULL,
  agent      TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at   INTEGER
) STRICT;
CREATE INDEX session_person ON session (person_id, id);

-- Same key, same answer: a repeated act is answered, not done twice.
CREATE TABLE answer (
  key        TEXT PRIMARY KEY,
  actor      TEXT NOT NULL,
  op         TEXT NOT NULL,
  code       INTEGER NOT NULL,
  reply      BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
