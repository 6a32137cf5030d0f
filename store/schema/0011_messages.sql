-- Notifications: what is to be said, and to each channel its delivery.
CREATE TABLE message (
  id         INTEGER PRIMARY KEY,
  event      TEXT NOT NULL CHECK (event IN ('approval', 'before', 'after', 'failed', 'unknown')),
  request_id INTEGER NOT NULL REFERENCES request,
  run_id     INTEGER REFERENCES run,
  target_id  INTEGER NOT NULL REFERENCES target,
  subject    TEXT NOT NULL,
  body       TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
-- What it tells, each by its name: "target", "duration", ...; several may have one name.
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
CREATE INDEX delivery_due ON delivery (state, channel, next_at);
CREATE INDEX delivery_channel ON delivery (channel, id);
CREATE INDEX delivery_message ON delivery (message_id);

INSERT INTO state_move VALUES
  ('delivery', 'waiting', 'sending', 'runner'),
  ('delivery', 'sending', 'sent', 'job'),
  ('delivery', 'sending', 'waiting', 'runner'),
  ('delivery', 'sending', 'failed', 'runner'),
  ('delivery', 'waiting', 'failed', 'runner'),
  ('delivery', 'failed', 'waiting', 'lead');
CREATE TRIGGER delivery_moves BEFORE UPDATE OF state ON delivery
  WHEN OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM state_move
    WHERE object = 'delivery' AND from_state = OLD.state AND to_state = NEW.state)
BEGIN
  SELECT RAISE(ABORT, 'illegal change of state: delivery');
END;
