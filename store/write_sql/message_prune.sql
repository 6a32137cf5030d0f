DELETE FROM message
 WHERE created_at < :before AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.message_id = message.id)
