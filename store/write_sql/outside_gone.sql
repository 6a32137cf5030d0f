UPDATE backup
   SET state = 'expired', state_at = :since
 WHERE target_id = :target AND kind = 'outside' AND source = :source AND state <> 'expired' AND seen_at < :since
