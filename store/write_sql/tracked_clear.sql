DELETE FROM tracked
 WHERE target_id = :target
