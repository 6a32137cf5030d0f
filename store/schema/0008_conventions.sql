-- Any tool's folder: order, standing by the tool's own rules, what statements do to which tables, lint.

ALTER TABLE project ADD COLUMN detected TEXT NOT NULL DEFAULT '';  -- convention in use, '' not known yet
ALTER TABLE project ADD COLUMN detected_text TEXT NOT NULL DEFAULT '';  -- what speaks for it, or what to configure
ALTER TABLE project ADD COLUMN found_on TEXT NOT NULL DEFAULT '';  -- name of the target by which it was found, '' the folder
ALTER TABLE project ADD COLUMN rule TEXT NOT NULL DEFAULT '';  -- what its tool does with older, changed, missing ones
ALTER TABLE project ADD COLUMN folder_problem TEXT NOT NULL DEFAULT '';  -- why nothing of the folder runs
ALTER TABLE project ADD COLUMN one_transaction INTEGER NOT NULL DEFAULT 0 CHECK (one_transaction IN (0, 1));
ALTER TABLE project ADD COLUMN in_turn TEXT NOT NULL DEFAULT '';  -- why none runs before an older one that is pending
ALTER TABLE project ADD COLUMN tracking TEXT NOT NULL DEFAULT '';  -- configured table and options, for comparing

ALTER TABLE target ADD COLUMN newest_key TEXT NOT NULL DEFAULT '';  -- as its tracking table has it: what a plan is made on
ALTER TABLE target ADD COLUMN blocked TEXT NOT NULL DEFAULT '';     -- why its tool would run nothing
ALTER TABLE target ADD COLUMN signature TEXT NOT NULL DEFAULT '';   -- of the folder that it was compared with

-- Whatever a step could not keep is read again.
UPDATE project SET signature = '', detected = convention;

-- Other kinds of files: the CHECK of the first step is too narrow, so the table is made anew.
CREATE TABLE old_file AS
SELECT f.project_id, f.file, f.taken_as, f.reason, coalesce(m.key, '') AS key, f.digest
  FROM project_file f
  LEFT JOIN migration m ON m.project_id = f.project_id AND m.file = f.file AND m.present = 1;
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
CREATE INDEX project_file_key ON project_file (project_id, key);
INSERT OR IGNORE INTO project_file SELECT * FROM old_file;
DROP TABLE old_file;

CREATE TABLE project_note (
  project_id INTEGER NOT NULL REFERENCES project,
  position   INTEGER NOT NULL,
  text       TEXT NOT NULL,
  PRIMARY KEY (project_id, position)
) STRICT;

-- migration.version_number is from here on twice the position in the folder's order; one that is only known from a
-- tracking table has the number behind that of the one after which it stands.
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

CREATE TABLE old_side AS SELECT * FROM migration_side;
CREATE TABLE old_statement AS SELECT * FROM migration_statement;
DROP TABLE migration_statement;
DROP VIEW migration_row;
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
  marks         BLOB NOT NULL,  -- where which tokens are (base/marks.h)
  PRIMARY KEY (migration_id, side)
) STRICT;
INSERT INTO migration_side
SELECT migration_id, side, file, digest, '', first_line, transactional, transactional, stripped, 0, problem, '', x''
  FROM old_side;
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
INSERT INTO migration_statement
SELECT o.migration_id, o.side, o.position, o.at, o.length, o.line, o.kind, s.transactional, o.alone, 0, 0, o.object,
       o.object_kind
  FROM old_statement o
  JOIN old_side s ON s.migration_id = o.migration_id AND s.side = o.side;

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
  ran        INTEGER NOT NULL CHECK (ran IN (0, 1)),  -- a run of ours has set it: the table was not looked at since
  PRIMARY KEY (target_id, key)
) STRICT;
CREATE INDEX standing_key ON standing (key, target_id);
CREATE INDEX standing_state ON standing (target_id, standing, key);
CREATE INDEX standing_decision ON standing (target_id, decision, standing, key);

INSERT INTO standing
SELECT k.target_id, k.key, CASE WHEN m.present = 1 THEN 'applied' ELSE 'missing' END, 1, 'nothing', k.applied_at, '', '',
       '', coalesce((SELECT p.digest
                       FROM run_migration x
                       JOIN run r ON r.id = x.run_id
                       JOIN plan_migration p ON p.plan_digest = r.plan_digest AND p.position = x.position
                      WHERE x.target_id = k.target_id AND x.key = k.key AND x.state = 'ok' AND r.direction = 'up'
                      ORDER BY x.run_id DESC LIMIT 1), s.digest, ''), 0
  FROM tracked k
  JOIN target t ON t.id = k.target_id
  LEFT JOIN migration m ON m.project_id = t.project_id AND m.key = k.key
  LEFT JOIN old_side s ON s.migration_id = m.id AND s.side = 'up';
INSERT INTO standing
SELECT t.id, m.key, 'pending', 0, 'runs', 0, '', '', '', '', 0
  FROM target t
  JOIN migration m ON m.project_id = t.project_id AND m.present = 1
 WHERE NOT EXISTS (SELECT 1 FROM standing s WHERE s.target_id = t.id AND s.key = m.key);
UPDATE target
   SET newest_key = coalesce((SELECT m.key FROM standing s JOIN migration m ON m.key = s.key
                               WHERE s.target_id = target.id AND s.applied = 1 AND m.project_id = target.project_id
                               ORDER BY m.version_number DESC, m.key DESC LIMIT 1), '');
INSERT OR IGNORE INTO side_seen
SELECT m.project_id, m.key, s.side, s.digest, '', '', coalesce(p.read_at, 0)
  FROM old_side s
  JOIN migration m ON m.id = s.migration_id
  JOIN project p ON p.id = m.project_id;
DROP TABLE old_statement;
DROP TABLE old_side;

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

-- Plans in groups.
ALTER TABLE plan_migration ADD COLUMN row_inside INTEGER NOT NULL DEFAULT 1 CHECK (row_inside IN (0, 1));
ALTER TABLE plan_migration ADD COLUMN has_verify INTEGER NOT NULL DEFAULT 0 CHECK (has_verify IN (0, 1));
ALTER TABLE plan_statement ADD COLUMN tx_group INTEGER NOT NULL DEFAULT 1;  -- 0 by itself
UPDATE plan_migration SET row_inside = transactional;
UPDATE plan_statement
   SET tx_group = (SELECT m.transactional FROM plan_migration m
                    WHERE m.plan_digest = plan_statement.plan_digest AND m.position = plan_statement.migration);

DROP VIEW target_row;
DROP TABLE tracked;
CREATE VIEW target_row AS
SELECT t.id, t.project_id, t.name, p.name AS project,
       CASE WHEN p.convention = '' THEN p.detected ELSE p.convention END AS convention, t.environment, t.position,
       t.backup, t.rollback_on_failure, t.approvals, t.lock_timeout_ms, t.statement_timeout_ms,
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
       (SELECT id FROM run WHERE target_id = t.id AND state IN ('running', 'unknown')) AS active_run,
       t.ended_at
  FROM target t
  JOIN project p ON p.id = t.project_id
  LEFT JOIN migration n ON n.id = (SELECT m.id FROM migration m
       WHERE m.project_id = t.project_id AND m.repeatable = 0
         AND EXISTS (SELECT 1 FROM standing s WHERE s.target_id = t.id AND s.key = m.key AND s.applied = 1)
       ORDER BY m.version_number DESC, m.key DESC LIMIT 1)
  LEFT JOIN run r ON r.id = (SELECT max(id) FROM run WHERE target_id = t.id)
  LEFT JOIN backup b ON b.id = (SELECT max(id) FROM backup WHERE target_id = t.id);

CREATE VIEW migration_row AS
SELECT m.id, m.project_id, p.name AS project, m.key, m.version, m.version_number, m.name, m.file, m.description,
       m.author, m.written_on, m.present, u.problem, d.side IS NOT NULL AS has_down, u.transactional,
       m.repeatable, m.code, m.checksum, v.side IS NOT NULL AS has_verify, u.digest, u.not_analysed, u.note,
       (SELECT count(*) FROM finding f WHERE f.migration_id = m.id AND f.ignored = 0 AND f.level <> 'notice') AS findings
  FROM migration m
  JOIN project p ON p.id = m.project_id
  LEFT JOIN migration_side u ON u.migration_id = m.id AND u.side = 'up'
  LEFT JOIN migration_side d ON d.migration_id = m.id AND d.side = 'down'
  LEFT JOIN migration_side v ON v.migration_id = m.id AND v.side = 'verify';
