SELECT looked_at, problem, total_bytes, free_bytes, a_day, coalesce(full_at, -1)
  FROM shelf
