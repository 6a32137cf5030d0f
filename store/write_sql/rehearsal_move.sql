UPDATE rehearsal
   SET state = :to, text = CASE :text WHEN '' THEN text ELSE :text END, good = :good,
       started_at = coalesce(started_at, :started_at), ended_at = :ended_at
 WHERE id = :id AND state = :from
