SELECT count(*), coalesce(min(ended_at), 0), coalesce(max(ended_at), 0),
       coalesce(sum(CASE WHEN size > 0 THEN size ELSE 0 END), 0)
  FROM backup
 WHERE target_id = :target AND file <> '' AND ended_at >= :since
