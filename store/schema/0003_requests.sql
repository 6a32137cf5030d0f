CREATE TABLE request (
  id           INTEGER PRIMARY KEY,
  target_id    INTEGER NOT NULL REFERENCES target,
  plan_digest  TEXT NOT NULL REFERENCES plan,
  direction    TEXT NOT NULL CHECK (direction IN ('up', 'down')),
  goal         TEXT NOT NULL,  -- "to 0012", "back 1": what was asked
  reason       TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
  person_id    INTEGER NOT NULL REFERENCES person,
  state        TEXT NOT NULL CHECK (state IN
    ('waiting', 'approved', 'refused', 'withdrawn', 'expired', 'stale', 'started', 'done')),
  state_text   TEXT NOT NULL DEFAULT '',  -- why: "0012_x.sql changed since"
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  moved_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX request_state ON request (state, id);
CREATE INDEX request_target ON request (target_id, id);
CREATE INDEX request_expiry ON request (state, expires_at);

INSERT INTO state_move VALUES
  ('request', 'waiting', 'approved', 'lead'),
  ('request', 'waiting', 'refused', 'lead'),
  ('request', 'waiting', 'withdrawn', 'requester'),
  ('request', 'waiting', 'expired', 'runner'),
  ('request', 'waiting', 'stale', 'runner'),
  ('request', 'approved', 'started', 'runner'),
  ('request', 'approved', 'withdrawn', 'requester'),
  ('request', 'approved', 'expired', 'runner'),
  ('request', 'approved', 'stale', 'runner'),
  ('request', 'started', 'done', 'runner');

CREATE TRIGGER request_moves BEFORE UPDATE OF state ON request
  WHEN NOT EXISTS (SELECT 1 FROM state_move
    WHERE object = 'request' AND from_state = OLD.state AND to_state = NEW.state)
BEGIN
  SELECT RAISE(ABORT, 'illegal change of state: request');
END;
CREATE TRIGGER request_stays BEFORE UPDATE OF target_id, plan_digest, direction, goal, reason, person_id, created_at,
    expires_at ON request
BEGIN
  SELECT RAISE(ABORT, 'what was requested is not changed');
END;
CREATE TRIGGER request_kept BEFORE DELETE ON request BEGIN
  SELECT RAISE(ABORT, 'requests are not deleted');
END;
CREATE TRIGGER request_begins BEFORE INSERT ON request
  WHEN NEW.state <> 'waiting' AND NOT (NEW.state = 'approved'
    AND (SELECT approvals FROM target WHERE id = NEW.target_id) = 0)
BEGIN
  SELECT RAISE(ABORT, 'a request begins waiting');
END;
CREATE TRIGGER request_same_plan BEFORE INSERT ON request
  WHEN NEW.target_id <> (SELECT target_id FROM plan WHERE digest = NEW.plan_digest)
BEGIN
  SELECT RAISE(ABORT, 'the plan is for another target');
END;

CREATE TABLE approval (
  id          INTEGER PRIMARY KEY,
  request_id  INTEGER NOT NULL REFERENCES request,
  person_id   INTEGER NOT NULL REFERENCES person,
  plan_digest TEXT NOT NULL REFERENCES plan,
  decision    TEXT NOT NULL CHECK (decision IN ('yes', 'no')),
  comment     TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL,
  UNIQUE (request_id, person_id)
) STRICT;

CREATE TRIGGER request_needs_approvals BEFORE UPDATE OF state ON request
  WHEN NEW.state = 'approved'
    AND (SELECT count(*) FROM approval WHERE request_id = NEW.id AND decision = 'yes')
      < (SELECT approvals FROM target WHERE id = NEW.target_id)
BEGIN
  SELECT RAISE(ABORT, 'the request needs more approvals');
END;

-- Four eyes, whatever the program does.
CREATE TRIGGER approval_four_eyes BEFORE INSERT ON approval
  WHEN NEW.person_id = (SELECT person_id FROM request WHERE id = NEW.request_id)
BEGIN
  SELECT RAISE(ABORT, 'nobody approves a request of their own');
END;
CREATE TRIGGER approval_same_plan BEFORE INSERT ON approval
  WHEN NEW.plan_digest <> (SELECT plan_digest FROM request WHERE id = NEW.request_id)
BEGIN
  SELECT RAISE(ABORT, 'an approval is for the plan of its request');
END;
CREATE TRIGGER approval_in_time BEFORE INSERT ON approval
  WHEN (SELECT state FROM request WHERE id = NEW.request_id) <> 'waiting'
BEGIN
  SELECT RAISE(ABORT, 'the request no longer waits for approval');
END;
CREATE TRIGGER approval_stays BEFORE UPDATE ON approval BEGIN
  SELECT RAISE(ABORT, 'approvals are not changed');
END;
CREATE TRIGGER approval_kept BEFORE DELETE ON approval BEGIN
  SELECT RAISE(ABORT, 'approvals are not deleted');
END;
