INSERT INTO shelf (id, looked_at, problem, total_bytes, free_bytes, a_day, full_at)
VALUES (1, :looked_at, :problem, :total_bytes, :free_bytes, :a_day, CASE WHEN :full_at < 0 THEN NULL ELSE :full_at END)
ON CONFLICT (id) DO UPDATE
   SET looked_at = excluded.looked_at, problem = excluded.problem, total_bytes = excluded.total_bytes,
       free_bytes = excluded.free_bytes, a_day = excluded.a_day, full_at = excluded.full_at
