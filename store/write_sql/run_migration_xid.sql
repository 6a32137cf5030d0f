-- The transaction of its row; with :together the one of the migration before it is its own as well.
UPDATE run_migration
   SET xid = coalesce((SELECT nullif(intent_xid, '') FROM run WHERE id = :run),
         (SELECT nullif(p.xid, '') FROM run_migration p WHERE :together AND p.run_id = :run AND p.position = :position - 1), '')
 WHERE run_id = :run AND position = :position
