-- One that is listed, with which nothing is wrong, of a source whose newest look went well; else of another.
SELECT source, label, ended_at, trouble
  FROM (SELECT b.source, b.label, b.ended_at, b.id,
               coalesce((SELECT CASE WHEN t.state = 'failed' AND t.ended_at > b.seen_at THEN t.text END
                           FROM task t
                          WHERE t.kind = 'outside' AND t.target_id = b.target_id AND t.source = b.source
                            AND t.state IN ('done', 'failed')
                          ORDER BY t.id DESC
                          LIMIT 1), '') AS trouble
          FROM backup b
         WHERE b.kind = 'outside' AND b.target_id = :target AND b.state = 'kept' AND b.broken = '')
 ORDER BY trouble <> '', ended_at DESC, id DESC
 LIMIT 1
