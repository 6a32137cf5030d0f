DELETE FROM target_table
 WHERE target_id = :target AND name = :name
