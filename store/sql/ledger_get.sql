SELECT seq, at, mono, actor, way, session, op, subject, target, outcome, text, canonical, digest
  FROM ledger
 WHERE seq = :seq
