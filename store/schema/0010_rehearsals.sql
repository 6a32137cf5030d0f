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
  locks        TEXT NOT NULL,  -- a line each, strongest first: "public.orders ACCESS EXCLUSIVE"
  rewritten    TEXT NOT NULL,  -- a line each
  error        TEXT NOT NULL,
  line         INTEGER NOT NULL,  -- in the migration's file
  kind         TEXT NOT NULL,     -- "CREATE TABLE"
  PRIMARY KEY (rehearsal_id, migration, pass, statement)
) STRICT;
CREATE TABLE rehearsal_migration (
  rehearsal_id INTEGER NOT NULL REFERENCES rehearsal,
  migration    INTEGER NOT NULL,
  verdict      TEXT NOT NULL CHECK (verdict IN ('exact', 'column-order', 'differs', 'nothing', 'fails', 'no-down', 'ran')),
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

-- The transaction that a migration was applied in: rows that are newer were written since.
ALTER TABLE run_migration ADD COLUMN xid TEXT NOT NULL DEFAULT '';

-- A request that takes back exactly what a run has just applied, by a way back that was rehearsed as exact, may need fewer
-- approvals than its target asks for.
ALTER TABLE request ADD COLUMN reverts INTEGER REFERENCES run;
ALTER TABLE request ADD COLUMN needed INTEGER CHECK (needed BETWEEN 0 AND 9);  -- approvals; NULL: as many as the target asks for
CREATE TRIGGER request_reverts_stays BEFORE UPDATE OF reverts, needed ON request
BEGIN
  SELECT RAISE(ABORT, 'what was requested is not changed');
END;
CREATE TRIGGER request_reverts BEFORE INSERT ON request
  WHEN (NEW.needed IS NOT NULL OR NEW.reverts IS NOT NULL)
    AND (NEW.needed IS NULL OR NEW.direction <> 'down' OR NOT EXISTS (SELECT 1 FROM run
      WHERE id = NEW.reverts AND target_id = NEW.target_id AND direction = 'up' AND state = 'succeeded'
        AND revert_until > NEW.created_at))
BEGIN
  SELECT RAISE(ABORT, 'only within the revert window of a run fewer approvals are enough');
END;
DROP TRIGGER request_begins;
CREATE TRIGGER request_begins BEFORE INSERT ON request
  WHEN NEW.state <> 'waiting' AND NOT (NEW.state = 'approved'
    AND coalesce(NEW.needed, (SELECT approvals FROM target WHERE id = NEW.target_id)) = 0)
BEGIN
  SELECT RAISE(ABORT, 'a request begins waiting');
END;
DROP TRIGGER request_needs_approvals;
CREATE TRIGGER request_needs_approvals BEFORE UPDATE OF state ON request
  WHEN NEW.state = 'approved'
    AND (SELECT count(*) FROM approval WHERE request_id = NEW.id AND decision = 'yes')
      < coalesce(NEW.needed, (SELECT approvals FROM target WHERE id = NEW.target_id))
BEGIN
  SELECT RAISE(ABORT, 'the request needs more approvals');
END;

DROP VIEW request_row;
CREATE VIEW request_row AS
SELECT q.id, q.target_id, q.person_id, t.name AS target, t.environment, p.name AS project, q.plan_digest, q.direction,
       q.goal, q.reason, h.name AS person, q.state, q.state_text, q.created_at, q.expires_at, q.moved_at,
       coalesce(q.needed, t.approvals) AS needed,
       (SELECT count(*) FROM approval a WHERE a.request_id = q.id AND a.decision = 'yes') AS given,
       l.migrations, r.id AS run, r.state AS run_state, q.reverts
  FROM request q
  JOIN target t ON t.id = q.target_id
  JOIN project p ON p.id = t.project_id
  JOIN person h ON h.id = q.person_id
  JOIN plan l ON l.digest = q.plan_digest
  LEFT JOIN run r ON r.request_id = q.id;
