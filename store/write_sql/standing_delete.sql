DELETE FROM standing
 WHERE target_id = :target AND key = :key
