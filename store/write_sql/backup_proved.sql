UPDATE backup
   SET level = :level, broken = :broken,
       proved_at = CASE WHEN :counted THEN :ended_at ELSE proved_at END,
       prove_us = CASE WHEN :counted THEN :ended_at - coalesce(
         (SELECT max(p.started_at) FROM proof p
           WHERE p.backup_id = :id AND p.level = 'restored' AND p.started_at <= :started_at
             AND coalesce(p.task_id, 0) = :task_id), :started_at) ELSE prove_us END
 WHERE id = :id
