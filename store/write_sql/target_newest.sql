UPDATE target
   SET newest_key = coalesce((SELECT m.key
                                FROM migration m
                               WHERE m.project_id = target.project_id AND m.repeatable = 0
                                 AND EXISTS (SELECT 1 FROM standing s
                                              WHERE s.target_id = target.id AND s.key = m.key AND s.applied = 1)
                               ORDER BY m.version_number DESC, m.key DESC LIMIT 1), '')
 WHERE id = (SELECT target_id FROM run WHERE id = :run)
