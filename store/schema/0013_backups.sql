-- What is done beside runs: a backup that is taken by hand or by the clock, a proof, a look at what others keep.
CREATE TABLE task (
  id         INTEGER PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('take', 'prove', 'outside')),
  target_id  INTEGER NOT NULL REFERENCES target,
  backup_id  INTEGER,                    -- prove: which one; take: the one that came of it
  person_id  INTEGER REFERENCES person,  -- NULL: the clock
  reason     TEXT NOT NULL DEFAULT '',
  level      TEXT NOT NULL DEFAULT '' CHECK (level IN ('', 'checksummed', 'listed', 'restored', 'counted')),  -- to prove
  source     TEXT NOT NULL DEFAULT '',   -- outside: name of its section
  state      TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
  text       TEXT NOT NULL DEFAULT '',   -- what came of it, or why it failed
  queued_at  INTEGER NOT NULL,
  started_at INTEGER,
  ended_at   INTEGER,
  -- while it runs
  activity   TEXT NOT NULL DEFAULT '',   -- "dump", "count", "checksum", "list", "restore"
  note       TEXT NOT NULL DEFAULT '',   -- "table public.orders"
  done       INTEGER NOT NULL DEFAULT 0,
  total      INTEGER NOT NULL DEFAULT 0, -- 0 unknown
  unit       TEXT NOT NULL DEFAULT '',
  since      INTEGER NOT NULL DEFAULT 0,
  cancelled  TEXT NOT NULL DEFAULT '',   -- "PERSON: REASON" of who wants it ended, '' nobody
  pid        INTEGER NOT NULL DEFAULT 0,
  journal_offset INTEGER NOT NULL DEFAULT 0,  -- followed so far, in the same transaction as the rows
  journal_sum    BLOB NOT NULL DEFAULT x''
) STRICT;
CREATE INDEX task_state ON task (state, id);
CREATE INDEX task_target ON task (target_id, id);
CREATE INDEX task_backup ON task (backup_id, id);

INSERT INTO state_move VALUES
  ('task', 'queued', 'running', 'runner'),
  ('task', 'queued', 'failed', 'person, runner'),
  ('task', 'running', 'done', 'job'),
  ('task', 'running', 'failed', 'job, runner');
CREATE TRIGGER task_moves BEFORE UPDATE OF state ON task
  WHEN OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM state_move
    WHERE object = 'task' AND from_state = OLD.state AND to_state = NEW.state)
BEGIN
  SELECT RAISE(ABORT, 'illegal change of state: task');
END;

DROP VIEW target_row;
DROP VIEW backup_row;
DROP INDEX backup_target;
DROP INDEX backup_run;
ALTER TABLE backup RENAME TO backup_was;
CREATE TABLE backup (
  id             INTEGER PRIMARY KEY,
  target_id      INTEGER NOT NULL REFERENCES target,
  run_id         INTEGER REFERENCES run,
  person_id      INTEGER REFERENCES person,  -- by hand
  kind           TEXT NOT NULL CHECK (kind IN ('run', 'hand', 'schedule', 'hook', 'outside')),
  file           TEXT NOT NULL,  -- beneath backups/; '' none of ours
  format         TEXT NOT NULL CHECK (format IN ('custom', 'directory', '')),
  encrypted_to   TEXT NOT NULL DEFAULT '',  -- the recipient's public key, '' in the clear
  digest         TEXT NOT NULL CHECK (length(digest) IN (0, 64)),
  size           INTEGER NOT NULL,          -- of the file; -1 unknown
  plain_size     INTEGER NOT NULL DEFAULT -1,  -- before compression
  database_bytes INTEGER NOT NULL DEFAULT -1,
  started_at     INTEGER NOT NULL,
  ended_at       INTEGER NOT NULL,
  server_version TEXT NOT NULL,
  client_version TEXT NOT NULL,
  table_count    INTEGER NOT NULL,  -- -1 unknown
  row_count      INTEGER NOT NULL,  -- -1 unknown
  schema_key     TEXT NOT NULL,     -- newest applied migration in it
  snapshot       TEXT NOT NULL DEFAULT '',  -- pg_current_snapshot() that it shows, '' unknown
  fingerprint    TEXT NOT NULL DEFAULT '',  -- of the catalog at that snapshot, '' unknown
  log            TEXT NOT NULL DEFAULT '',  -- what pg_dump, or the hook, said
  level          TEXT NOT NULL CHECK (level IN ('none', 'written', 'checksummed', 'listed', 'restored', 'counted')),
  broken         TEXT NOT NULL DEFAULT '',  -- why the newest look at it failed, '' it did not
  proved_at      INTEGER,  -- when it was last restored and counted
  prove_us       INTEGER,  -- how long that took
  state          TEXT NOT NULL DEFAULT 'kept' CHECK (state IN ('kept', 'missing', 'expired')),
  state_at       INTEGER,  -- when it was found missing, or expired
  source         TEXT NOT NULL DEFAULT '',  -- outside: name of its section; hook: its name
  label          TEXT NOT NULL DEFAULT '',  -- outside: what the other system calls it
  keep_until     INTEGER,  -- at least; outside: as the other system says; NULL cannot be told
  seen_at        INTEGER,  -- outside: when the other system listed it the last time
  kept_for       TEXT NOT NULL DEFAULT '',  -- ours: which rules keep it, or that none does
  going_by       TEXT NOT NULL DEFAULT '',  -- who has decided that its files are removed, '' nobody
  going_way      TEXT NOT NULL DEFAULT '',  -- as of the ledger's entries
  sidecar_wrong  TEXT NOT NULL DEFAULT '',  -- why what lies beside the file is not what was written, '' it is
  sidecar_read   INTEGER NOT NULL DEFAULT 0 CHECK (sidecar_read IN (0, 1))  -- 1: who read it says so, not a look
) STRICT;
INSERT INTO backup (id, target_id, run_id, kind, file, format, digest, size, started_at, ended_at, server_version,
                    client_version, table_count, row_count, schema_key, level)
SELECT id, target_id, run_id, 'run', file, 'custom', digest, size, started_at, ended_at, server_version, client_version,
       table_count, row_count, schema_key, level
  FROM backup_was;
DROP TABLE backup_was;
CREATE INDEX backup_target ON backup (target_id, id);
CREATE INDEX backup_run ON backup (run_id);
CREATE UNIQUE INDEX backup_file ON backup (file) WHERE file <> '';
CREATE INDEX backup_going ON backup (id) WHERE going_by <> '' AND state <> 'expired';
CREATE UNIQUE INDEX backup_label ON backup (target_id, source, label) WHERE kind = 'outside';
CREATE TRIGGER backup_kept BEFORE DELETE ON backup BEGIN
  SELECT RAISE(ABORT, 'backups are marked, not deleted');
END;
-- Files that are gone do not come back under the same row; what is missing may, and so may what another system
-- lists again.
CREATE TRIGGER backup_moves BEFORE UPDATE OF state ON backup
  WHEN OLD.state = 'expired' AND NEW.state <> 'expired' AND OLD.kind <> 'outside'
BEGIN
  SELECT RAISE(ABORT, 'illegal change of state: backup');
END;

CREATE TABLE backup_table (
  backup_id INTEGER NOT NULL REFERENCES backup,
  name      TEXT NOT NULL,     -- "public.orders", quoted where SQL needs it
  rows      INTEGER NOT NULL,  -- counted at the snapshot
  bytes     INTEGER NOT NULL,  -- with its indexes, -1 unknown
  restored  INTEGER,           -- rows that the newest proof counted; NULL none did
  PRIMARY KEY (backup_id, name)
) STRICT, WITHOUT ROWID;

-- What was written beside the file: what it says about the backup, for whoever has only the folder.
CREATE TABLE sidecar (
  backup_id INTEGER PRIMARY KEY REFERENCES backup,
  name      TEXT NOT NULL,     -- beneath backups/
  size      INTEGER NOT NULL,  -- of the file
  digest    TEXT NOT NULL CHECK (length(digest) = 64),
  text      TEXT NOT NULL      -- JSON; what is too long for here is named in its member left_out
) STRICT;

-- A level that was looked at, well or not.  Rows stay.
CREATE TABLE proof (
  id         INTEGER PRIMARY KEY,
  backup_id  INTEGER NOT NULL REFERENCES backup,
  task_id    INTEGER REFERENCES task,  -- NULL: by the run
  level      TEXT NOT NULL CHECK (level IN ('written', 'checksummed', 'listed', 'restored', 'counted')),
  state      TEXT NOT NULL CHECK (state IN ('ok', 'failed')),
  started_at INTEGER NOT NULL,
  ended_at   INTEGER NOT NULL,
  place      TEXT NOT NULL,  -- "a cluster of its own, PostgreSQL 15.8", '' no server
  text       TEXT NOT NULL   -- evidence, one sentence
) STRICT;
CREATE INDEX proof_backup ON proof (backup_id, id);

-- Files of the backup folder that no row knows.
CREATE TABLE orphan (
  file       TEXT PRIMARY KEY,
  size       INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL,
  text       TEXT NOT NULL  -- what it looks like
) STRICT, WITHOUT ROWID;

-- The folder of backups as it was last looked at.
CREATE TABLE shelf (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  looked_at   INTEGER NOT NULL,
  problem     TEXT NOT NULL,     -- why it could not be read, ''
  total_bytes INTEGER NOT NULL,  -- of its file system, -1 unknown
  free_bytes  INTEGER NOT NULL,
  a_day       INTEGER NOT NULL,  -- bytes that new backups take a day, -1 not known yet
  full_at     INTEGER            -- at this pace; 0 not within ten years, NULL not known yet
) STRICT;

-- Databases that a restore has left: the old one under another name, or a side database for a look.
CREATE TABLE kept_database (
  id         INTEGER PRIMARY KEY,
  target_id  INTEGER NOT NULL REFERENCES target,
  run_id     INTEGER NOT NULL REFERENCES run,
  kind       TEXT NOT NULL CHECK (kind IN ('before', 'side')),
  name       TEXT NOT NULL,
  oid        INTEGER NOT NULL,
  bytes      INTEGER NOT NULL,
  kept_at    INTEGER NOT NULL,
  drop_after INTEGER NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('kept', 'gone')),
  state_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX kept_database_target ON kept_database (target_id, id);

-- A plan may restore a backup; what it says of that, for pages.
DROP TRIGGER plan_stays;
ALTER TABLE plan ADD COLUMN act_now TEXT NOT NULL DEFAULT 'run'
  CHECK (act_now IN ('run', 'mark', 'repair', 'restore', 'side'));
UPDATE plan SET act_now = act;
ALTER TABLE plan DROP COLUMN act;
ALTER TABLE plan RENAME COLUMN act_now TO act;
CREATE TRIGGER plan_stays BEFORE UPDATE ON plan BEGIN
  SELECT RAISE(ABORT, 'plans are not changed');
END;
CREATE TABLE plan_restore (
  plan_digest  TEXT PRIMARY KEY REFERENCES plan,
  backup_id    INTEGER NOT NULL REFERENCES backup,
  file         TEXT NOT NULL,
  digest       TEXT NOT NULL CHECK (length(digest) = 64),  -- of the file
  encrypted_to TEXT NOT NULL,     -- '' in the clear
  size         INTEGER NOT NULL,
  taken_at     INTEGER NOT NULL,
  schema_key   TEXT NOT NULL,     -- newest applied migration in it, '' not known
  tables       INTEGER NOT NULL,  -- -1 not known
  rows         INTEGER NOT NULL,  -- -1 not known
  name         TEXT NOT NULL,     -- what the new database is called in the end
  keep_name    TEXT NOT NULL,     -- what the old one is called then, '' side
  keep_ms      INTEGER NOT NULL   -- how long the old one is kept at least
) STRICT;
CREATE INDEX plan_restore_backup ON plan_restore (backup_id);
CREATE TRIGGER plan_restore_stays BEFORE UPDATE ON plan_restore BEGIN
  SELECT RAISE(ABORT, 'plans are not changed');
END;

-- What becomes of what was there: another statement can undo it, none can by itself, or data is gone.
ALTER TABLE plan_statement ADD COLUMN effect TEXT NOT NULL DEFAULT ''  -- '' of a plan that is older: not known
  CHECK (effect IN ('', 'reversible', 'one-way', 'destroys'));

CREATE VIEW backup_row AS
SELECT b.id, b.target_id, b.run_id, t.name AS target, t.environment, h.name AS person, b.kind, b.file, b.format,
       b.encrypted_to, b.digest, b.size, b.plain_size, b.database_bytes, b.started_at, b.ended_at, b.server_version,
       b.client_version, b.table_count, b.row_count, b.schema_key, b.snapshot, b.fingerprint, b.level, b.broken,
       b.proved_at, b.prove_us, b.state, b.state_at, b.source, b.label, b.keep_until, b.seen_at,
       b.kept_for, b.sidecar_wrong, b.sidecar_read, coalesce(s.size, -1) AS sidecar_size
  FROM backup b
  JOIN target t ON t.id = b.target_id
  LEFT JOIN person h ON h.id = b.person_id
  LEFT JOIN sidecar s ON s.backup_id = b.id;

CREATE VIEW task_row AS
SELECT k.id, k.kind, k.target_id, t.name AS target, t.environment, k.backup_id, h.name AS person, k.reason, k.level,
       k.source, k.state, k.text, k.queued_at, k.started_at, k.ended_at, k.activity, k.note, k.done, k.total, k.unit,
       k.since, k.cancelled
  FROM task k
  JOIN target t ON t.id = k.target_id
  LEFT JOIN person h ON h.id = k.person_id;

-- When the newest backup has to be proved, and how far, as it is configured; overdue_at: since when it was told that it
-- is not.
ALTER TABLE target ADD COLUMN prove_within_ms INTEGER NOT NULL DEFAULT 0;  -- 0 never
ALTER TABLE target ADD COLUMN prove_every_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE target ADD COLUMN prove_from INTEGER NOT NULL DEFAULT 0;       -- since when prove_within_ms and prove_level are so
ALTER TABLE target ADD COLUMN prove_level TEXT NOT NULL DEFAULT 'counted'
  CHECK (prove_level IN ('listed', 'restored', 'counted'));               -- what it has to reach by then
ALTER TABLE target ADD COLUMN backup_schedule TEXT NOT NULL DEFAULT '';    -- joined by ", "
ALTER TABLE target ADD COLUMN overdue_at INTEGER;

-- act: what its plan is for.
DROP VIEW run_row;
CREATE VIEW run_row AS
SELECT r.id, r.request_id, r.target_id, t.name AS target, t.environment, p.name AS project, r.direction, r.state,
       r.outcome, q.goal, h.name AS person, r.plan_digest, l.act, l.migrations, r.queued_at, r.started_at, r.ended_at,
       r.event_seq, t.held, t.ended_at AS target_ended_at
  FROM run r
  JOIN target t ON t.id = r.target_id
  JOIN project p ON p.id = t.project_id
  JOIN request q ON q.id = r.request_id
  JOIN person h ON h.id = q.person_id
  JOIN plan l ON l.digest = r.plan_digest;

-- last_backup: the newest of ours that is there; proved_backup: of those the newest that was restored and counted;
-- reached_backup: the newest that is proved as far as prove_level says.
CREATE VIEW target_row AS
SELECT t.id, t.project_id, t.name, p.name AS project,
       CASE WHEN p.convention = '' THEN p.detected ELSE p.convention END AS convention, t.environment, t.position,
       t.backup, t.rollback_on_failure, t.approvals, t.policy,
       t.reachable, t.problem, t.checked_at, t.system_id, t.database_name, t.server_version, t.role_name,
       t.database_oid, t.database_bytes, t.table_count, t.tracking_table, t.tracking_text, t.tracking_known, t.held,
       t.blocked, t.signature, t.newest_key, n.version AS newest_version, n.version_number AS newest_number,
       (SELECT count(*) FROM standing s WHERE s.target_id = t.id AND s.decision = 'runs')
         + (SELECT count(*) FROM standing s
             WHERE s.target_id = t.id AND s.decision = 'blocks' AND s.standing IN ('pending', 'out-of-order')) AS pending,
       (SELECT count(*) FROM standing s WHERE s.target_id = t.id AND s.standing = 'missing') AS missing,
       (SELECT count(*) FROM standing s WHERE s.target_id = t.id AND s.standing = 'edited') AS edited,
       (SELECT count(*) FROM standing s WHERE s.target_id = t.id AND s.standing = 'out-of-order') AS out_of_order,
       (SELECT count(*) FROM standing s WHERE s.target_id = t.id AND s.standing = 'failed') AS failed,
       r.id AS last_run, r.state AS last_run_state, coalesce(r.ended_at, r.started_at, r.queued_at) AS last_run_at,
       b.id AS last_backup, b.ended_at AS last_backup_at, b.size AS last_backup_size, b.level AS last_backup_level,
       b.broken AS last_backup_broken,
       g.id AS proved_backup, g.ended_at AS proved_backup_at, g.proved_at, g.prove_us,
       (SELECT id FROM run WHERE target_id = t.id AND state IN ('running', 'unknown')) AS active_run,
       t.backup_schedule, t.prove_within_ms, t.prove_every_ms, t.overdue_at,
       CASE WHEN t.prove_within_ms > 0
            THEN (SELECT max(u.ended_at, t.prove_from) + t.prove_within_ms * 1000 FROM backup u
                   WHERE u.id = (SELECT min(id) FROM backup WHERE target_id = t.id AND state = 'kept' AND file <> ''
                                    AND id > coalesce(h.id, 0)))
       END AS prove_by,
       t.prove_level, h.id AS reached_backup, h.ended_at AS reached_backup_at,
       t.ended_at
  FROM target t
  JOIN project p ON p.id = t.project_id
  LEFT JOIN migration n ON n.id = (SELECT m.id FROM migration m
       WHERE m.project_id = t.project_id AND m.repeatable = 0
         AND EXISTS (SELECT 1 FROM standing s WHERE s.target_id = t.id AND s.key = m.key AND s.applied = 1)
       ORDER BY m.version_number DESC, m.key DESC LIMIT 1)
  LEFT JOIN run r ON r.id = (SELECT max(id) FROM run WHERE target_id = t.id)
  LEFT JOIN backup b ON b.id = (SELECT max(id) FROM backup WHERE target_id = t.id AND state = 'kept' AND file <> '')
  LEFT JOIN backup g ON g.id = (SELECT max(id) FROM backup
       WHERE target_id = t.id AND state = 'kept' AND level = 'counted' AND broken = '')
  LEFT JOIN backup h ON h.id = (SELECT max(id) FROM backup
       WHERE target_id = t.id AND state = 'kept' AND broken = ''
         AND instr('listed restored counted', level) >= instr('listed restored counted', t.prove_level));

-- Messages may tell of a task, or of a target alone: not each has a request.
CREATE TABLE message_was AS SELECT * FROM message;
CREATE TABLE message_fact_was AS SELECT * FROM message_fact;
CREATE TABLE delivery_was AS SELECT * FROM delivery;
DROP TABLE message_fact;
DROP TABLE delivery;
DROP TABLE message;
CREATE TABLE message (
  id         INTEGER PRIMARY KEY,
  event      TEXT NOT NULL CHECK (event IN ('approval', 'before', 'after', 'failed', 'unknown', 'refused', 'withdrawn',
                                            'expired', 'overdue')),
  request_id INTEGER REFERENCES request,
  run_id     INTEGER REFERENCES run,
  task_id    INTEGER REFERENCES task,
  target_id  INTEGER NOT NULL REFERENCES target,
  subject    TEXT NOT NULL,
  body       TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE message_fact (
  message_id INTEGER NOT NULL REFERENCES message,
  position   INTEGER NOT NULL,
  name       TEXT NOT NULL,
  value      TEXT NOT NULL,
  PRIMARY KEY (message_id, position)
) STRICT;
CREATE TABLE delivery (
  id         INTEGER PRIMARY KEY,
  message_id INTEGER NOT NULL REFERENCES message,
  channel    TEXT NOT NULL,  -- its name in the configuration
  kind       TEXT NOT NULL CHECK (kind IN ('slack', 'mattermost', 'teams', 'webhook', 'email')),
  state      TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
  attempts   INTEGER NOT NULL DEFAULT 0,
  next_at    INTEGER NOT NULL,
  sent_at    INTEGER,
  text       TEXT NOT NULL DEFAULT ''  -- what the other side answered, or why it failed
) STRICT;
INSERT INTO message (id, event, request_id, run_id, target_id, subject, body, created_at)
SELECT id, event, request_id, run_id, target_id, subject, body, created_at FROM message_was;
INSERT INTO message_fact SELECT * FROM message_fact_was;
INSERT INTO delivery SELECT * FROM delivery_was;
DROP TABLE message_was;
DROP TABLE message_fact_was;
DROP TABLE delivery_was;
CREATE INDEX message_task ON message (task_id);
CREATE INDEX delivery_due ON delivery (state, channel, next_at);
CREATE INDEX delivery_channel ON delivery (channel, id);
CREATE INDEX delivery_message ON delivery (message_id);
CREATE TRIGGER delivery_moves BEFORE UPDATE OF state ON delivery
  WHEN OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM state_move
    WHERE object = 'delivery' AND from_state = OLD.state AND to_state = NEW.state)
BEGIN
  SELECT RAISE(ABORT, 'illegal change of state: delivery');
END;
