SELECT id, target_id, run_id, kind, name, oid, bytes, kept_at, drop_after, state, state_at
  FROM kept_database
 WHERE :target IN (0, target_id)
 ORDER BY state DESC, id DESC
