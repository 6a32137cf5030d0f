DELETE FROM answer
 WHERE created_at < :before
