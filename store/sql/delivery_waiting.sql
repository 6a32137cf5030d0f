SELECT channel, min(next_at) FROM delivery WHERE state = 'waiting' GROUP BY channel ORDER BY channel
