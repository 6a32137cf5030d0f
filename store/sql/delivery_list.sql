SELECT d.id, d.message_id, m.event, m.subject, m.request_id, m.run_id, t.name, t.environment, d.channel, d.kind, d.state,
       d.attempts, d.next_at, d.sent_at, d.text, m.created_at, m.task_id
  FROM delivery d
  JOIN message m ON m.id = d.message_id
  JOIN target t ON t.id = m.target_id
 WHERE d.id < :before AND (:state = '' OR d.state = :state) AND (:channel = '' OR d.channel = :channel)
 ORDER BY d.id DESC
 LIMIT :limit
