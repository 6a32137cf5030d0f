UPDATE backup
   SET level = :level, broken = :broken,
       proved_at = CASE WHEN :counted THEN :ended_at ELSE proved_at END,
       prove_us = CASE WHEN :counted THEN :took ELSE prove_us END
 WHERE id = :id
