SELECT id
  FROM delivery
 WHERE state = 'waiting' AND channel = :channel AND next_at <= :now
 ORDER BY next_at, id
 LIMIT 1
