SELECT position, phase, state, evidence, started_at, ended_at
  FROM run_phase
 WHERE run_id = :run
 ORDER BY position
