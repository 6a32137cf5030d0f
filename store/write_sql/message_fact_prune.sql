DELETE FROM message_fact
 WHERE message_id IN (SELECT m.id FROM message m
                       WHERE m.created_at < :before AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.message_id = m.id))
