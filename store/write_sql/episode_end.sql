-- Of a job that could not say it any more.
UPDATE run_episode SET ended_at = max(started_at, :at), ending = 'ended' WHERE run_id = :run AND ended_at IS NULL
