UPDATE delivery
   SET state = :to, attempts = :attempts, next_at = :next_at, sent_at = :sent_at, text = :text
 WHERE id = :id AND state = :from
