INSERT INTO delivery (message_id, channel, kind, state, next_at) VALUES (:message, :channel, :kind, 'waiting', :now)
