CREATE TABLE incident (
  id         INTEGER PRIMARY KEY,
  run_id     INTEGER UNIQUE REFERENCES run,  -- NULL: opened by a person
  target_id  INTEGER REFERENCES target,
  title      TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  severity   TEXT NOT NULL CHECK (severity IN ('low', 'medium', 'high')),
  state      TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  person_id  INTEGER REFERENCES person,      -- who opened it; NULL: the runner
  created_at INTEGER NOT NULL,
  closed_at  INTEGER,
  closed_by  INTEGER REFERENCES person
) STRICT;
CREATE INDEX incident_state ON incident (state, id);

INSERT INTO state_move VALUES
  ('incident', 'open', 'closed', 'lead, auditor, admin');

CREATE TRIGGER incident_moves BEFORE UPDATE OF state ON incident
  WHEN NOT EXISTS (SELECT 1 FROM state_move
    WHERE object = 'incident' AND from_state = OLD.state AND to_state = NEW.state)
BEGIN
  SELECT RAISE(ABORT, 'illegal change of state: incident');
END;

CREATE TRIGGER incident_kept BEFORE DELETE ON incident BEGIN
  SELECT RAISE(ABORT, 'incidents are not deleted');
END;

-- Facts come first (person_id NULL: filled in by the runner), then what people add.  A correction is another note.
CREATE TABLE note (
  id          INTEGER PRIMARY KEY,
  incident_id INTEGER NOT NULL REFERENCES incident,
  person_id   INTEGER REFERENCES person,
  text        TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 32768),
  created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX note_incident ON note (incident_id, id);

CREATE TRIGGER note_stays BEFORE UPDATE ON note BEGIN
  SELECT RAISE(ABORT, 'notes are not changed: add another');
END;
CREATE TRIGGER note_kept BEFORE DELETE ON note BEGIN
  SELECT RAISE(ABORT, 'notes are not deleted');
END;
CREATE TRIGGER note_open BEFORE INSERT ON note
  WHEN (SELECT state FROM incident WHERE id = NEW.incident_id) <> 'open'
BEGIN
  SELECT RAISE(ABORT, 'the incident is closed');
END;
