-- Runs that are guarded, controlled and explained; policies whole; batched migrations.

ALTER TABLE target ADD COLUMN policy TEXT NOT NULL DEFAULT '';  -- canonical text, migration/policy.h
ALTER TABLE plan ADD COLUMN act TEXT NOT NULL DEFAULT 'run' CHECK (act IN ('run', 'mark', 'repair'));
ALTER TABLE plan_migration ADD COLUMN batched INTEGER NOT NULL DEFAULT 0 CHECK (batched IN (0, 1));  -- by parts, a transaction each

ALTER TABLE run ADD COLUMN control TEXT NOT NULL DEFAULT ''
  CHECK (control IN ('', 'pausing', 'paused', 'resuming', 'cancelling'));
ALTER TABLE run ADD COLUMN control_text TEXT NOT NULL DEFAULT '';  -- who and why
ALTER TABLE run ADD COLUMN control_serial INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN window_end INTEGER;      -- nothing new begins after it
ALTER TABLE run ADD COLUMN batch_size INTEGER NOT NULL DEFAULT 0;   -- wanted by a person, 0 as the file says
ALTER TABLE run ADD COLUMN batch_pause_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN revert_until INTEGER;    -- how long the way back is one approval away

-- What is happening now; gone when the run has ended.
CREATE TABLE run_progress (
  run_id    INTEGER PRIMARY KEY REFERENCES run,
  at        INTEGER NOT NULL,
  migration INTEGER NOT NULL,
  statement INTEGER NOT NULL,
  activity  TEXT NOT NULL,
  text      TEXT NOT NULL,
  done      INTEGER NOT NULL,
  total     INTEGER NOT NULL,  -- 0: the server does not tell
  unit      TEXT NOT NULL,
  since     INTEGER NOT NULL
) STRICT;

CREATE TABLE run_episode (
  run_id     INTEGER NOT NULL REFERENCES run,
  number     INTEGER NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('blocked', 'queue')),
  migration  INTEGER NOT NULL,
  statement  INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at   INTEGER,
  relation   TEXT NOT NULL,
  mode       TEXT NOT NULL,
  ending     TEXT NOT NULL,  -- '' goes on
  PRIMARY KEY (run_id, number)
) STRICT;

CREATE TABLE run_episode_session (
  run_id      INTEGER NOT NULL,
  number      INTEGER NOT NULL,
  position    INTEGER NOT NULL,
  role        TEXT NOT NULL CHECK (role IN ('blocker', 'sufferer')),
  pid         INTEGER NOT NULL,
  user_name   TEXT NOT NULL,
  application TEXT NOT NULL,
  state       TEXT NOT NULL,
  query       TEXT NOT NULL,
  waited_ms   INTEGER NOT NULL,
  PRIMARY KEY (run_id, number, position),
  FOREIGN KEY (run_id, number) REFERENCES run_episode
) STRICT;

CREATE TABLE run_hook (
  run_id      INTEGER NOT NULL REFERENCES run,
  at_when     TEXT NOT NULL CHECK (at_when IN ('before', 'after', 'failure', 'backup')),
  position    INTEGER NOT NULL,
  command     TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('started', 'ok', 'failed', 'skipped')),
  exit_status INTEGER NOT NULL,  -- -1 none yet, 256 + signal
  output      TEXT NOT NULL,
  started_at  INTEGER NOT NULL,
  ended_at    INTEGER,
  PRIMARY KEY (run_id, at_when, position)
) STRICT;

-- Whatever was looked at before and after: one line each.
CREATE TABLE run_evidence (
  run_id   INTEGER NOT NULL REFERENCES run,
  position INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  name     TEXT NOT NULL,
  state    TEXT NOT NULL CHECK (state IN ('ok', 'failed', 'skipped')),
  text     TEXT NOT NULL,
  PRIMARY KEY (run_id, position)
) STRICT;

-- After a failure: what is true in the catalog, why it failed, what may be done.
CREATE TABLE run_fact (
  run_id   INTEGER NOT NULL REFERENCES run,
  position INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  object   TEXT NOT NULL,
  good     INTEGER NOT NULL CHECK (good IN (0, 1)),
  text     TEXT NOT NULL,
  PRIMARY KEY (run_id, position)
) STRICT;
CREATE TABLE run_cause (
  run_id   INTEGER NOT NULL REFERENCES run,
  position INTEGER NOT NULL,
  title    TEXT NOT NULL,
  sql      TEXT NOT NULL,
  columns  TEXT NOT NULL,  -- separated by tabs
  rows     TEXT NOT NULL,  -- as COPY writes them
  more     INTEGER NOT NULL CHECK (more IN (0, 1)),
  text     TEXT NOT NULL,
  PRIMARY KEY (run_id, position)
) STRICT;
CREATE TABLE run_action (
  run_id   INTEGER NOT NULL REFERENCES run,
  position INTEGER NOT NULL,
  kind     TEXT NOT NULL CHECK (kind IN ('retry', 'down', 'mark', 'drop-index', 'restore', 'repair')),
  goal     TEXT NOT NULL,
  text     TEXT NOT NULL,
  PRIMARY KEY (run_id, position)
) STRICT;

-- Batched migrations: the state now, points for the chart, the rows that were left out.
CREATE TABLE run_batch (
  run_id    INTEGER NOT NULL REFERENCES run,
  migration INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  state     TEXT NOT NULL CHECK (state IN ('running', 'waiting', 'paused', 'done', 'failed')),
  cursor    TEXT NOT NULL,
  batches   INTEGER NOT NULL,
  rows      INTEGER NOT NULL,  -- that were changed
  passed    INTEGER NOT NULL,  -- of those expected: what is behind the cursor
  expected  INTEGER NOT NULL,  -- -1 unknown
  size      INTEGER NOT NULL,
  batch_us  INTEGER NOT NULL,
  pause_ms  INTEGER NOT NULL,
  why       TEXT NOT NULL,     -- it waits, '' it does not
  left_out  INTEGER NOT NULL,
  PRIMARY KEY (run_id, migration)
) STRICT;
CREATE TABLE run_batch_point (
  run_id    INTEGER NOT NULL,
  migration INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  rows      INTEGER NOT NULL,
  size      INTEGER NOT NULL,
  batch_us  INTEGER NOT NULL,
  PRIMARY KEY (run_id, migration, at),
  FOREIGN KEY (run_id, migration) REFERENCES run_batch
) STRICT;
CREATE TABLE run_batch_row (
  run_id    INTEGER NOT NULL,
  migration INTEGER NOT NULL,
  position  INTEGER NOT NULL,
  key       TEXT NOT NULL,
  sqlstate  TEXT NOT NULL,
  message   TEXT NOT NULL,
  PRIMARY KEY (run_id, migration, position),
  FOREIGN KEY (run_id, migration) REFERENCES run_batch
) STRICT;

-- A project's own queries that ask whether all is well: verify/*.sql, in the order of their names.
CREATE TABLE project_query (
  project_id INTEGER NOT NULL REFERENCES project,
  position   INTEGER NOT NULL,
  file       TEXT NOT NULL,
  digest     TEXT NOT NULL REFERENCES content,
  problem    TEXT NOT NULL,
  PRIMARY KEY (project_id, position)
) STRICT;

DROP VIEW target_row;
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

-- Grows with whatever the matrix of migrations shows, so that a reader knows when what it keeps is no longer true; the
-- frames of a run that goes on are not among it.
CREATE TABLE matrix_change (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  n  INTEGER NOT NULL
) STRICT;
INSERT INTO matrix_change VALUES (1, 1);
CREATE TRIGGER matrix_project_insert AFTER INSERT ON project BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_project_update AFTER UPDATE ON project BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_project_delete AFTER DELETE ON project BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_project_file_insert AFTER INSERT ON project_file BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_project_file_update AFTER UPDATE ON project_file BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_project_file_delete AFTER DELETE ON project_file BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_migration_insert AFTER INSERT ON migration BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_migration_update AFTER UPDATE ON migration BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_migration_delete AFTER DELETE ON migration BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_migration_side_insert AFTER INSERT ON migration_side BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_migration_side_update AFTER UPDATE ON migration_side BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_migration_side_delete AFTER DELETE ON migration_side BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_finding_insert AFTER INSERT ON finding BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_finding_update AFTER UPDATE ON finding BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_finding_delete AFTER DELETE ON finding BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_side_seen_insert AFTER INSERT ON side_seen BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_side_seen_update AFTER UPDATE ON side_seen BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_side_seen_delete AFTER DELETE ON side_seen BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_standing_insert AFTER INSERT ON standing BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_standing_update AFTER UPDATE ON standing BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_standing_delete AFTER DELETE ON standing BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_run_migration_insert AFTER INSERT ON run_migration BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_run_migration_update AFTER UPDATE ON run_migration BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_run_migration_delete AFTER DELETE ON run_migration BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_target_insert AFTER INSERT ON target BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_target_update AFTER UPDATE ON target BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_run_insert AFTER INSERT ON run BEGIN UPDATE matrix_change SET n = n + 1; END;
CREATE TRIGGER matrix_run_update AFTER UPDATE OF state ON run BEGIN UPDATE matrix_change SET n = n + 1; END;
