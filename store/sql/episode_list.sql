SELECT number, kind = 'queue', migration, statement, started_at, ended_at, relation, mode, ending
  FROM run_episode
 WHERE run_id = :run
 ORDER BY number
