SELECT id, event, request_id, run_id, target_id, subject, body, created_at, task_id FROM message WHERE id = :id
