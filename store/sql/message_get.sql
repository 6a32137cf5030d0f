SELECT id, event, request_id, run_id, target_id, subject, body, created_at FROM message WHERE id = :id
