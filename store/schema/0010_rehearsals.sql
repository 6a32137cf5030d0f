-- A plan carried out on a copy: what it locks, rewrites and takes, and whether its way back leads back.
CREATE TABLE rehearsal (
  id          INTEGER PRIMARY KEY,
  target_id   INTEGER NOT NULL REFERENCES target,
  plan_digest TEXT NOT NULL REFERENCES plan,
  person_id   INTEGER REFERENCES person,  -- NULL: the policy asked for it
  state       TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
  place       TEXT NOT NULL DEFAULT '',
  text        TEXT NOT NULL DEFAULT '',   -- what data, or why it failed
  tables      INTEGER NOT NULL DEFAULT 0,
  rows        INTEGER NOT NULL DEFAULT 0,
  bytes       INTEGER NOT NULL DEFAULT 0,
  good        INTEGER NOT NULL DEFAULT 0 CHECK (good IN (0, 1)),  -- every migration went up, and its way back is exact
  queued_at   INTEGER NOT NULL,
  started_at  INTEGER,
  ended_at    INTEGER
) STRICT;
CREATE INDEX rehearsal_plan ON rehearsal (plan_digest, id);
CREATE INDEX rehearsal_state ON rehearsal (state, id);

INSERT INTO state_move VALUES
  ('rehearsal', 'queued', 'running', 'runner'),
  ('rehearsal', 'queued', 'failed', 'runner'),
  ('rehearsal', 'running', 'done', 'job'),
  ('rehearsal', 'running', 'failed', 'job, runner');
CREATE TRIGGER rehearsal_moves BEFORE UPDATE OF state ON rehearsal
  WHEN OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM state_move
    WHERE object = 'rehearsal' AND from_state = OLD.state AND to_state = NEW.state)
BEGIN
  SELECT RAISE(ABORT, 'illegal change of state: rehearsal');
END;

CREATE TABLE rehearsal_step (
  rehearsal_id INTEGER NOT NULL REFERENCES rehearsal,
  migration    INTEGER NOT NULL,
  pass         INTEGER NOT NULL CHECK (pass BETWEEN 1 AND 3),  -- up, down, up again
  statement    INTEGER NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('ok', 'failed')),
  took_us      INTEGER NOT NULL,
  row_count    INTEGER NOT NULL,
  blocks       INTEGER NOT NULL,
  wal_bytes    INTEGER NOT NULL,
  locks        TEXT NOT NULL,
  rewritten    TEXT NOT NULL,
  error        TEXT NOT NULL,
  PRIMARY KEY (rehearsal_id, migration, pass, statement)
) STRICT;
CREATE TABLE rehearsal_migration (
  rehearsal_id INTEGER NOT NULL REFERENCES rehearsal,
  migration    INTEGER NOT NULL,
  verdict      TEXT NOT NULL CHECK (verdict IN ('exact', 'column-order', 'differs', 'nothing', 'fails', 'no-down')),
  objects      TEXT NOT NULL,
  loses        INTEGER NOT NULL CHECK (loses IN (0, 1)),
  text         TEXT NOT NULL,
  PRIMARY KEY (rehearsal_id, migration)
) STRICT;

-- What a plan downwards would destroy, counted in the live database.
CREATE TABLE plan_count (
  plan_digest TEXT PRIMARY KEY REFERENCES plan,
  state       TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
  text        TEXT NOT NULL DEFAULT '',
  counted_at  INTEGER
) STRICT;
CREATE TABLE plan_loss (
  plan_digest TEXT NOT NULL REFERENCES plan_count,
  position    INTEGER NOT NULL,
  migration   INTEGER NOT NULL,
  statement   INTEGER NOT NULL,
  object      TEXT NOT NULL,
  there       INTEGER NOT NULL,  -- -1 cannot be counted
  since       INTEGER NOT NULL,  -- -1 unknown
  text        TEXT NOT NULL,
  PRIMARY KEY (plan_digest, position)
) STRICT;
