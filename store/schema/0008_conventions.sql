-- Any tool's folder: order, standing by the tool's own rules, what statements do to which tables, lint.

ALTER TABLE project ADD COLUMN detected TEXT NOT NULL DEFAULT '';  -- convention in use, '' not known yet
ALTER TABLE project ADD COLUMN detected_text TEXT NOT NULL DEFAULT '';  -- what speaks for it, or what to configure
ALTER TABLE project ADD COLUMN rule TEXT NOT NULL DEFAULT '';  -- what its tool does with older, changed, missing ones
ALTER TABLE project ADD COLUMN folder_problem TEXT NOT NULL DEFAULT '';  -- why nothing of the folder runs

ALTER TABLE target ADD COLUMN newest_key TEXT NOT NULL DEFAULT '';  -- as its tool orders them
ALTER TABLE target ADD COLUMN blocked TEXT NOT NULL DEFAULT '';     -- why its tool would run nothing
ALTER TABLE target ADD COLUMN signature TEXT NOT NULL DEFAULT '';   -- of the folder that it was compared with

-- Other kinds of files: the CHECK of the first step is too narrow, so the table is made anew (it is read again anyway).
DROP TABLE project_file;
CREATE TABLE project_file (
  project_id INTEGER NOT NULL REFERENCES project,
  file       TEXT NOT NULL,  -- path beneath the folder, as shown
  taken_as   TEXT NOT NULL CHECK (taken_as IN
    ('up', 'down', 'both', 'ignored', 'refused', 'repeatable', 'verify', 'code', 'index')),
  reason     TEXT NOT NULL,
  key        TEXT NOT NULL,  -- of its migration, '' none
  digest     TEXT NOT NULL,
  PRIMARY KEY (project_id, file)
) STRICT;
CREATE INDEX project_file_taken ON project_file (project_id, taken_as, file);

CREATE TABLE project_note (
  project_id INTEGER NOT NULL REFERENCES project,
  position   INTEGER NOT NULL,
  text       TEXT NOT NULL,
  PRIMARY KEY (project_id, position)
) STRICT;

-- migration.version_number is from here on the position in the folder's order; one that is only known from a tracking
-- table has the position of the one that it stands behind.
ALTER TABLE migration ADD COLUMN repeatable INTEGER NOT NULL DEFAULT 0 CHECK (repeatable IN (0, 1));
ALTER TABLE migration ADD COLUMN code INTEGER NOT NULL DEFAULT 0 CHECK (code IN (0, 1));  -- no SQL: Gatehouse cannot run it
ALTER TABLE migration ADD COLUMN checksum TEXT NOT NULL DEFAULT '';  -- as its tool computes it
CREATE TABLE migration_fact (
  migration_id INTEGER NOT NULL REFERENCES migration ON DELETE CASCADE,
  position     INTEGER NOT NULL,
  name         TEXT NOT NULL,
  value        TEXT,  -- NULL: SQL NULL
  PRIMARY KEY (migration_id, position)
) STRICT;

DROP TABLE migration_statement;
DROP TABLE migration_side;
CREATE TABLE migration_side (
  migration_id  INTEGER NOT NULL REFERENCES migration,
  side          TEXT NOT NULL CHECK (side IN ('up', 'down', 'verify')),
  file          TEXT NOT NULL,
  digest        TEXT NOT NULL REFERENCES content,
  tokens        TEXT NOT NULL,  -- digest without comments, blanks, BEGIN and COMMIT
  first_line    INTEGER NOT NULL,
  transactional INTEGER NOT NULL CHECK (transactional IN (0, 1)),
  row_inside    INTEGER NOT NULL CHECK (row_inside IN (0, 1)),  -- the tracking row is in that transaction
  stripped      INTEGER NOT NULL CHECK (stripped IN (0, 1)),  -- its own BEGIN ... COMMIT is replaced by ours
  not_analysed  INTEGER NOT NULL CHECK (not_analysed IN (0, 1)),  -- syntax that is newer than the parser
  problem       TEXT NOT NULL,  -- "0013_x.sql:4:12: syntax error ...", '' none
  note          TEXT NOT NULL,
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
  tx_group     INTEGER NOT NULL,  -- number of its transaction, 0 by itself
  alone        INTEGER NOT NULL CHECK (alone IN (0, 1)),  -- cannot run in a transaction
  destructive  INTEGER NOT NULL CHECK (destructive IN (0, 1)),
  reversible   INTEGER NOT NULL CHECK (reversible IN (0, 1)),
  object       TEXT NOT NULL,
  object_kind  TEXT NOT NULL,
  PRIMARY KEY (migration_id, side, position),
  FOREIGN KEY (migration_id, side) REFERENCES migration_side ON DELETE CASCADE
) STRICT;

-- What a statement does to a relation.
CREATE TABLE statement_touch (
  migration_id INTEGER NOT NULL,
  side         TEXT NOT NULL,
  statement    INTEGER NOT NULL,
  position     INTEGER NOT NULL,
  object       TEXT NOT NULL,
  lock         TEXT NOT NULL,  -- "ACCESS EXCLUSIVE", '' none: it is created here
  strength     INTEGER NOT NULL,  -- of the lock, 0 to 8
  rewrites     INTEGER NOT NULL CHECK (rewrites IN (0, 1)),
  scans        INTEGER NOT NULL CHECK (scans IN (0, 1)),
  writes       INTEGER NOT NULL CHECK (writes IN (0, 1)),
  PRIMARY KEY (migration_id, side, statement, position),
  FOREIGN KEY (migration_id, side, statement) REFERENCES migration_statement ON DELETE CASCADE
) STRICT;

CREATE TABLE finding (
  migration_id INTEGER NOT NULL,
  side         TEXT NOT NULL,
  position     INTEGER NOT NULL,
  statement    INTEGER NOT NULL,  -- -1: the file
  rule         TEXT NOT NULL,
  level        TEXT NOT NULL CHECK (level IN ('notice', 'warning', 'error')),  -- from the statement alone
  scale        TEXT NOT NULL CHECK (scale IN ('flat', 'size', 'traffic', 'fan-out')),
  line         INTEGER NOT NULL,
  column       INTEGER NOT NULL,
  object       TEXT NOT NULL,  -- table concerned, '' none
  message      TEXT NOT NULL,
  rewrite      TEXT NOT NULL,
  ignored      INTEGER NOT NULL CHECK (ignored IN (0, 1)),
  reason       TEXT NOT NULL,  -- why it is ignored
  PRIMARY KEY (migration_id, side, position),
  FOREIGN KEY (migration_id, side) REFERENCES migration_side ON DELETE CASCADE
) STRICT;

-- Every text of a side that was ever read: what a recorded checksum or an earlier run was of.
CREATE TABLE side_seen (
  project_id INTEGER NOT NULL REFERENCES project,
  key        TEXT NOT NULL,
  side       TEXT NOT NULL,
  digest     TEXT NOT NULL,
  checksum   TEXT NOT NULL,
  tokens     TEXT NOT NULL,
  seen_at    INTEGER NOT NULL,
  PRIMARY KEY (project_id, key, side, digest)
) STRICT;
CREATE INDEX side_seen_checksum ON side_seen (project_id, key, checksum);

-- What is where, by the rules of the tool.  Rows stay while their target's tracking table says the same: digest is the up
-- that was in the folder when it was first seen applied here, or that a run of ours applied.
DROP VIEW target_row;
DROP TABLE tracked;
CREATE TABLE standing (
  target_id  INTEGER NOT NULL REFERENCES target,
  key        TEXT NOT NULL,
  standing   TEXT NOT NULL CHECK (standing IN
    ('applied', 'pending', 'edited', 'missing', 'out-of-order', 'failed', 'baseline')),
  applied    INTEGER NOT NULL CHECK (applied IN (0, 1)),  -- its effects are meant to be in the database
  decision   TEXT NOT NULL CHECK (decision IN ('nothing', 'runs', 'never', 'blocks')),
  applied_at INTEGER NOT NULL,  -- 0: the table does not say
  checksum   TEXT NOT NULL,     -- as recorded
  by         TEXT NOT NULL,     -- who or which tool, as recorded
  text       TEXT NOT NULL,     -- the rule and what follows
  digest     TEXT NOT NULL,     -- '' not known
  PRIMARY KEY (target_id, key)
) STRICT;
CREATE INDEX standing_key ON standing (key, target_id);
CREATE INDEX standing_state ON standing (target_id, standing, key);

-- A target's tables, for the severity of what touches them.
CREATE TABLE target_table (
  target_id   INTEGER NOT NULL REFERENCES target,
  name        TEXT NOT NULL,     -- "public.orders", quoted where SQL needs it
  row_count   INTEGER NOT NULL,  -- estimate
  bytes       INTEGER NOT NULL,  -- with indexes
  writes      INTEGER NOT NULL,  -- rows, since the statistics were reset
  scans       INTEGER NOT NULL,
  seconds     INTEGER NOT NULL,  -- since then, 0 unknown
  fan_out     INTEGER NOT NULL,  -- foreign keys of other tables that refer to it
  PRIMARY KEY (target_id, name)
) STRICT;
