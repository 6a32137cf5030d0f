-- Append-only and chained: digest = SHA-256(previous digest | canonical bytes), the first on 32 zero bytes.
-- canonical holds every other column (store/ledger.h), so that an export can be verified without this database.
CREATE TABLE ledger (
  seq       INTEGER PRIMARY KEY,
  at        INTEGER NOT NULL,
  mono      INTEGER NOT NULL,
  actor     TEXT NOT NULL,
  way       TEXT NOT NULL CHECK (way IN ('web', 'cli', 'runner')),
  session   INTEGER NOT NULL,  -- 0: none
  op        TEXT NOT NULL,     -- request.approve, run.succeeded
  subject   TEXT NOT NULL,     -- request/12, run/7, person/lead
  target    TEXT NOT NULL,     -- target's name, '' none
  outcome   TEXT NOT NULL CHECK (outcome IN ('ok', 'refused', 'failed')),
  text      TEXT NOT NULL,
  canonical TEXT NOT NULL,
  digest    BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;
CREATE INDEX ledger_actor ON ledger (actor, seq);
CREATE INDEX ledger_op ON ledger (op, seq);
CREATE INDEX ledger_subject ON ledger (subject, seq);
CREATE INDEX ledger_outcome ON ledger (outcome, seq);

CREATE TRIGGER ledger_follows BEFORE INSERT ON ledger
  WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM ledger)
BEGIN
  SELECT RAISE(ABORT, 'the ledger has no gaps');
END;
CREATE TRIGGER ledger_stays BEFORE UPDATE ON ledger BEGIN
  SELECT RAISE(ABORT, 'the ledger is append-only');
END;
CREATE TRIGGER ledger_kept BEFORE DELETE ON ledger BEGIN
  SELECT RAISE(ABORT, 'the ledger is append-only');
END;
