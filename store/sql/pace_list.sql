SELECT target_id, count(*), min(ended_at), max(ended_at), sum(CASE WHEN size > 0 THEN size ELSE 0 END)
  FROM backup
 WHERE file <> '' AND ended_at >= :since
 GROUP BY target_id
 ORDER BY target_id
