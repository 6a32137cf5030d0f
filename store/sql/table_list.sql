SELECT name, row_count, bytes, writes, scans, seconds, fan_out
  FROM target_table
 WHERE target_id = :target
 ORDER BY name
