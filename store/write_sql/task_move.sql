UPDATE task
   SET state = :to, text = :text,
       started_at = CASE WHEN :to = 'running' THEN :now ELSE started_at END,
       ended_at = CASE WHEN :to IN ('done', 'failed') THEN :now END
 WHERE id = :id AND state = :from
