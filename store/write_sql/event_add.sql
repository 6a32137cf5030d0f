INSERT INTO event (run_id, seq, at, kind, text)
VALUES (:run_id, :seq, :at, :kind, :text)
