UPDATE run
   SET state = :to, outcome = :outcome, ended_at = :ended_at, started_at = coalesce(started_at, :started_at),
       event_seq = event_seq + 1
 WHERE id = :id AND state = :from
