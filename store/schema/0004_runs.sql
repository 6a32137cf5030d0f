CREATE TABLE run (
  id             INTEGER PRIMARY KEY,
  request_id     INTEGER NOT NULL UNIQUE REFERENCES request,  -- an approved plan runs once
  target_id      INTEGER NOT NULL REFERENCES target,
  plan_digest    TEXT NOT NULL REFERENCES plan,
  direction      TEXT NOT NULL CHECK (direction IN ('up', 'down')),
  state          TEXT NOT NULL CHECK (state IN
    ('queued', 'running', 'succeeded', 'failed-clean', 'failed-partly', 'unknown', 'needs-person')),
  outcome        TEXT NOT NULL DEFAULT '',  -- one sentence: what is true now
  queued_at      INTEGER NOT NULL,
  started_at     INTEGER,
  ended_at       INTEGER,
  pid            INTEGER NOT NULL DEFAULT 0,
  backend_pid    INTEGER NOT NULL DEFAULT 0,
  backend_start  TEXT NOT NULL DEFAULT '',
  journal_offset INTEGER NOT NULL DEFAULT 0,  -- followed so far, in the same transaction as the rows
  journal_sum    BLOB NOT NULL DEFAULT x'',
  event_seq      INTEGER NOT NULL DEFAULT 0,  -- of the newest event: what a page polls by
  -- the last intent without an answer
  intent_migration INTEGER NOT NULL DEFAULT -2,
  intent_statement INTEGER NOT NULL DEFAULT -2,
  intent_xid       TEXT NOT NULL DEFAULT '',
  -- the PostgreSQL error that ended it
  error_migration  INTEGER NOT NULL DEFAULT -1,
  error_statement  INTEGER NOT NULL DEFAULT -1,
  sqlstate       TEXT NOT NULL DEFAULT '',
  error          TEXT NOT NULL DEFAULT '',
  error_detail   TEXT NOT NULL DEFAULT '',
  error_hint     TEXT NOT NULL DEFAULT '',
  error_line     INTEGER NOT NULL DEFAULT 0,
  error_object   TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX run_target ON run (target_id, id);
CREATE INDEX run_state ON run (state, id);
CREATE INDEX run_target_state ON run (target_id, state, id);
CREATE UNIQUE INDEX run_one_a_target ON run (target_id) WHERE state IN ('running', 'unknown');

INSERT INTO state_move VALUES
  ('run', 'queued', 'running', 'runner'),
  ('run', 'queued', 'failed-clean', 'runner'),
  ('run', 'running', 'succeeded', 'job'),
  ('run', 'running', 'failed-clean', 'job'),
  ('run', 'running', 'failed-partly', 'job'),
  ('run', 'running', 'unknown', 'job, runner'),
  ('run', 'running', 'needs-person', 'job'),
  ('run', 'unknown', 'succeeded', 'reconcile'),
  ('run', 'unknown', 'failed-clean', 'reconcile'),
  ('run', 'unknown', 'failed-partly', 'reconcile'),
  ('run', 'unknown', 'needs-person', 'reconcile');

CREATE TRIGGER run_moves BEFORE UPDATE OF state ON run
  WHEN OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM state_move
    WHERE object = 'run' AND from_state = OLD.state AND to_state = NEW.state)
BEGIN
  SELECT RAISE(ABORT, 'illegal change of state: run');
END;
CREATE TRIGGER run_stays BEFORE UPDATE OF request_id, target_id, plan_digest, direction, queued_at ON run
BEGIN
  SELECT RAISE(ABORT, 'what a run runs is not changed');
END;
CREATE TRIGGER run_kept BEFORE DELETE ON run BEGIN
  SELECT RAISE(ABORT, 'runs are not deleted');
END;
CREATE TRIGGER run_begins BEFORE INSERT ON run WHEN NEW.state <> 'queued'
BEGIN
  SELECT RAISE(ABORT, 'a run begins queued');
END;
-- Whatever the program does: nothing runs that was not approved, and only those bytes on that target.
CREATE TRIGGER run_approved BEFORE INSERT ON run
  WHEN NOT EXISTS (SELECT 1 FROM request WHERE id = NEW.request_id AND state = 'approved'
    AND plan_digest = NEW.plan_digest AND target_id = NEW.target_id AND direction = NEW.direction)
BEGIN
  SELECT RAISE(ABORT, 'only an approved request runs');
END;

CREATE TABLE run_phase (
  run_id     INTEGER NOT NULL REFERENCES run,
  phase      TEXT NOT NULL,
  position   INTEGER NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('started', 'ok', 'failed', 'skipped')),
  evidence   TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at   INTEGER,
  PRIMARY KEY (run_id, phase)
) STRICT;

CREATE TABLE run_migration (
  run_id     INTEGER NOT NULL REFERENCES run,
  position   INTEGER NOT NULL,  -- in the plan
  target_id  INTEGER NOT NULL REFERENCES target,
  key        TEXT NOT NULL,     -- with target_id: what happened to a migration
  state      TEXT NOT NULL CHECK (state IN
    ('pending', 'started', 'ok', 'failed', 'skipped', 'rolled-back', 'taken-back', 'in-doubt')),
  text       TEXT NOT NULL DEFAULT '',
  started_at INTEGER,
  ended_at   INTEGER,
  PRIMARY KEY (run_id, position)
) STRICT;
CREATE INDEX run_migration_key ON run_migration (target_id, key, run_id);

CREATE TABLE run_statement (
  run_id     INTEGER NOT NULL,
  migration  INTEGER NOT NULL,
  position   INTEGER NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('started', 'ok', 'failed', 'rolled-back', 'taken-back', 'in-doubt')),
  row_count  INTEGER NOT NULL,  -- -1: the tag gives none
  tag        TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at   INTEGER,
  PRIMARY KEY (run_id, migration, position),
  FOREIGN KEY (run_id, migration) REFERENCES run_migration
) STRICT;

CREATE TABLE event (
  run_id INTEGER NOT NULL REFERENCES run,
  seq    INTEGER NOT NULL,
  at     INTEGER NOT NULL,
  kind   TEXT NOT NULL,  -- phase, migration, statement, notice, retry, backup, error, log, outcome
  text   TEXT NOT NULL,
  PRIMARY KEY (run_id, seq)
) STRICT;

CREATE TABLE backup (
  id             INTEGER PRIMARY KEY,
  target_id      INTEGER NOT NULL REFERENCES target,
  run_id         INTEGER REFERENCES run,
  file           TEXT NOT NULL UNIQUE,
  digest         TEXT NOT NULL CHECK (length(digest) = 64),
  size           INTEGER NOT NULL,
  started_at     INTEGER NOT NULL,
  ended_at       INTEGER NOT NULL,
  server_version TEXT NOT NULL,
  client_version TEXT NOT NULL,
  table_count    INTEGER NOT NULL,
  row_count      INTEGER NOT NULL,
  schema_key     TEXT NOT NULL,  -- newest applied migration in it
  level          TEXT NOT NULL CHECK (level IN ('written', 'checksummed', 'listed', 'restored', 'counted'))
) STRICT;
CREATE INDEX backup_target ON backup (target_id, id);
CREATE INDEX backup_run ON backup (run_id);
