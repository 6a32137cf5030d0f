DELETE FROM run_episode_session WHERE run_id = :run AND number = :number
