SELECT q.reason, r.pid, r.backend_pid, r.backend_start, r.journal_offset, r.journal_sum,
       r.intent_migration, r.intent_statement, r.intent_xid, r.error_migration, r.error_statement,
       r.sqlstate, r.error, r.error_detail, r.error_hint, r.error_object, r.error_line,
       (SELECT id FROM incident WHERE run_id = r.id), (SELECT max(id) FROM backup WHERE run_id = r.id),
       r.control, r.control_text, r.control_serial, r.window_end, r.batch_size, r.batch_pause_ms, r.revert_until
  FROM run r
  JOIN request q ON q.id = r.request_id
 WHERE r.id = :id
