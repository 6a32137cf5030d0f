INSERT INTO ledger (seq, at, mono, actor, way, session, op, subject, target, outcome, text, canonical, digest)
VALUES (:seq, :at, :mono, :actor, :way, :session, :op, :subject, :target, :outcome, :text, :canonical, :digest)
