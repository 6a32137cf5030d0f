SELECT id, going_by, going_way
  FROM backup
 WHERE going_by <> '' AND state <> 'expired' AND file <> '' AND :target IN (0, target_id)
 ORDER BY id
