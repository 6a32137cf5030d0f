INSERT INTO target_table (target_id, name, row_count, bytes, writes, scans, seconds, fan_out)
VALUES (:target, :name, :row_count, :bytes, :writes, :scans, :seconds, :fan_out)
    ON CONFLICT (target_id, name) DO UPDATE
   SET row_count = excluded.row_count, bytes = excluded.bytes, writes = excluded.writes, scans = excluded.scans,
       seconds = excluded.seconds, fan_out = excluded.fan_out
 WHERE row_count <> excluded.row_count OR bytes <> excluded.bytes OR writes <> excluded.writes
    OR scans <> excluded.scans OR fan_out <> excluded.fan_out OR excluded.seconds * 10 > seconds * 11
    OR excluded.seconds < seconds
