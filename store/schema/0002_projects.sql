CREATE TABLE project (
  id           INTEGER PRIMARY KEY,
  name         TEXT NOT NULL UNIQUE,
  folder       TEXT NOT NULL,
  convention   TEXT NOT NULL,
  signature    TEXT NOT NULL DEFAULT '',  -- of the folder when last read
  read_at      INTEGER,
  problem      TEXT NOT NULL DEFAULT '',  -- why the folder could not be read
  ended_at     INTEGER                    -- no longer in the configuration
) STRICT;

CREATE TABLE target (
  id                   INTEGER PRIMARY KEY,
  name                 TEXT NOT NULL UNIQUE,
  project_id           INTEGER NOT NULL REFERENCES project,
  environment          TEXT NOT NULL,
  position             INTEGER NOT NULL,  -- promotion order
  -- policy, from the configuration
  backup               INTEGER NOT NULL CHECK (backup IN (0, 1)),
  approvals            INTEGER NOT NULL CHECK (approvals BETWEEN 0 AND 9),
  lock_timeout_ms      INTEGER NOT NULL,
  statement_timeout_ms INTEGER NOT NULL,
  rollback_on_failure  INTEGER NOT NULL CHECK (rollback_on_failure IN (0, 1)),
  -- last seen
  reachable            INTEGER NOT NULL DEFAULT 0 CHECK (reachable IN (0, 1)),
  problem              TEXT NOT NULL DEFAULT '',
  checked_at           INTEGER,
  system_id            TEXT NOT NULL DEFAULT '',
  database_name        TEXT NOT NULL DEFAULT '',
  database_oid         INTEGER NOT NULL DEFAULT 0,
  server_version       TEXT NOT NULL DEFAULT '',
  role_name            TEXT NOT NULL DEFAULT '',
  database_bytes       INTEGER NOT NULL DEFAULT 0,
  table_count          INTEGER NOT NULL DEFAULT 0,
  tracking_table       TEXT NOT NULL DEFAULT '',
  tracking_known       INTEGER NOT NULL DEFAULT 0 CHECK (tracking_known IN (0, 1)),
  tracking_text        TEXT NOT NULL DEFAULT '',  -- explanation
  held                 TEXT NOT NULL DEFAULT '',  -- why nothing may run now: an unknown run
  ended_at             INTEGER
) STRICT;
CREATE INDEX target_position ON target (position, id);
CREATE INDEX target_project ON target (project_id, position, id);

-- Every file of a project's folder, whatever it is taken for.
CREATE TABLE project_file (
  project_id INTEGER NOT NULL REFERENCES project,
  file       TEXT NOT NULL,
  taken_as   TEXT NOT NULL CHECK (taken_as IN ('up', 'down', 'both', 'ignored', 'refused')),
  reason     TEXT NOT NULL,
  digest     TEXT NOT NULL,
  PRIMARY KEY (project_id, file)
) STRICT;
CREATE INDEX project_file_taken ON project_file (project_id, taken_as, file);

-- SQL as it was read once; everything later uses these bytes.
CREATE TABLE content (
  digest TEXT PRIMARY KEY CHECK (length(digest) = 64),
  bytes  BLOB NOT NULL
) STRICT;

CREATE TABLE migration (
  id             INTEGER PRIMARY KEY,
  project_id     INTEGER NOT NULL REFERENCES project,
  key            TEXT NOT NULL,    -- as the tracking table has it
  version        TEXT NOT NULL,    -- its digits
  version_number INTEGER NOT NULL, -- for order
  name           TEXT NOT NULL,
  file           TEXT NOT NULL,
  description    TEXT NOT NULL,
  author         TEXT NOT NULL,
  written_on     TEXT NOT NULL,
  present        INTEGER NOT NULL CHECK (present IN (0, 1)),  -- in the folder now
  UNIQUE (project_id, key)
) STRICT;
CREATE INDEX migration_order ON migration (project_id, version_number, key);

CREATE TABLE migration_side (
  migration_id  INTEGER NOT NULL REFERENCES migration,
  side          TEXT NOT NULL CHECK (side IN ('up', 'down')),
  file          TEXT NOT NULL,
  digest        TEXT NOT NULL REFERENCES content,
  first_line    INTEGER NOT NULL,
  transactional INTEGER NOT NULL CHECK (transactional IN (0, 1)),
  stripped      INTEGER NOT NULL CHECK (stripped IN (0, 1)),  -- its own BEGIN ... COMMIT is replaced by ours
  problem       TEXT NOT NULL,  -- "0013_x.sql:4:12: syntax error ...", '' none
  PRIMARY KEY (migration_id, side)
) STRICT;

CREATE TABLE migration_statement (
  migration_id INTEGER NOT NULL,
  side         TEXT NOT NULL,
  position     INTEGER NOT NULL,
  at           INTEGER NOT NULL,
  length       INTEGER NOT NULL,
  line         INTEGER NOT NULL,
  kind         TEXT NOT NULL,
  alone        INTEGER NOT NULL CHECK (alone IN (0, 1)),
  object       TEXT NOT NULL,
  object_kind  TEXT NOT NULL,
  PRIMARY KEY (migration_id, side, position),
  FOREIGN KEY (migration_id, side) REFERENCES migration_side ON DELETE CASCADE
) STRICT;

-- What each target's tracking table says.
CREATE TABLE tracked (
  target_id  INTEGER NOT NULL REFERENCES target,
  key        TEXT NOT NULL,
  applied_at INTEGER NOT NULL,  -- 0: the table does not say
  PRIMARY KEY (target_id, key)
) STRICT;

CREATE TRIGGER content_stays BEFORE UPDATE ON content BEGIN
  SELECT RAISE(ABORT, 'stored SQL is not changed');
END;

-- Canonical bytes (migration/plan.h).  They stand last: a row's other columns are read without them.
CREATE TABLE plan (
  digest     TEXT PRIMARY KEY CHECK (length(digest) = 64),
  target_id  INTEGER NOT NULL REFERENCES target,
  direction  TEXT NOT NULL CHECK (direction IN ('up', 'down')),
  migrations INTEGER NOT NULL CHECK (migrations > 0),
  created_at INTEGER NOT NULL,
  bytes      BLOB NOT NULL
) STRICT;

CREATE TRIGGER plan_stays BEFORE UPDATE ON plan BEGIN
  SELECT RAISE(ABORT, 'plans are not changed');
END;
CREATE TRIGGER plan_kept BEFORE DELETE ON plan BEGIN
  SELECT RAISE(ABORT, 'plans are not deleted');
END;

-- The plan's migrations and statements, for pages.
CREATE TABLE plan_migration (
  plan_digest   TEXT NOT NULL REFERENCES plan,
  position      INTEGER NOT NULL,
  key           TEXT NOT NULL,
  version       TEXT NOT NULL,
  name          TEXT NOT NULL,
  description   TEXT NOT NULL,
  author        TEXT NOT NULL,
  digest        TEXT NOT NULL,   -- of the side that runs
  transactional INTEGER NOT NULL CHECK (transactional IN (0, 1)),
  stripped      INTEGER NOT NULL CHECK (stripped IN (0, 1)),
  has_back      INTEGER NOT NULL CHECK (has_back IN (0, 1)),  -- up: it has a down
  statements    INTEGER NOT NULL,
  PRIMARY KEY (plan_digest, position)
) STRICT;

CREATE TABLE plan_statement (
  plan_digest TEXT NOT NULL,
  migration   INTEGER NOT NULL,
  position    INTEGER NOT NULL,
  line        INTEGER NOT NULL,
  kind        TEXT NOT NULL,
  alone       INTEGER NOT NULL CHECK (alone IN (0, 1)),
  sql         TEXT NOT NULL,
  PRIMARY KEY (plan_digest, migration, position),
  FOREIGN KEY (plan_digest, migration) REFERENCES plan_migration
) STRICT;
