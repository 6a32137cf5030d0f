INSERT INTO message_fact (message_id, position, name, value) VALUES (:message, :position, :name, :value)
