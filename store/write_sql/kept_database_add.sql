INSERT INTO kept_database (target_id, run_id, kind, name, oid, bytes, kept_at, drop_after, state, state_at)
VALUES (:target_id, :run_id, :kind, :name, :oid, :bytes, :kept_at, :drop_after, 'kept', :kept_at)
