SELECT name, value FROM message_fact WHERE message_id = :message ORDER BY position
