SELECT role = 'blocker', pid, user_name, application, state, query, waited_ms
  FROM run_episode_session
 WHERE run_id = :run AND number = :number
 ORDER BY position
