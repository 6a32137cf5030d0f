SELECT id, file FROM backup WHERE target_id = :target AND file <> '' AND state <> 'expired' ORDER BY id
