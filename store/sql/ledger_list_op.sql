SELECT seq, at, mono, actor, way, session, op, subject, target, outcome, text, canonical, digest
  FROM ledger
 WHERE seq < :before
   AND (:actor = '' OR actor = :actor)
   AND op = :op
   AND (:subject = '' OR subject = :subject)
   AND (:outcome = '' OR outcome = :outcome)
 ORDER BY seq DESC
 LIMIT :limit
