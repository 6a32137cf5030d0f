INSERT INTO message (event, request_id, run_id, task_id, target_id, subject, body, created_at)
VALUES (:event, :request_id, :run_id, :task_id, :target_id, :subject, :body, :now)
