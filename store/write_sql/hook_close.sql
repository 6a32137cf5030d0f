UPDATE run_hook
   SET state = 'failed', ended_at = :at
 WHERE run_id = :run AND state = 'started'
