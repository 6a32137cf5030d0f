SELECT target_id, source, count(*), max(seen_at)
  FROM backup
 WHERE kind = 'outside' AND state <> 'expired'
 GROUP BY target_id, source
 ORDER BY target_id, source
