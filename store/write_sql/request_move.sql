UPDATE request
   SET state = :to, state_text = :text, moved_at = :now
 WHERE id = :id AND state = :from
