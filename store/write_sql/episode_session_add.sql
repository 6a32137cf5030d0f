INSERT INTO run_episode_session (run_id, number, position, role, pid, user_name, application, state, query, waited_ms)
VALUES (:run, :number, :position, :role, :pid, :user, :application, :state, :query, :waited)
