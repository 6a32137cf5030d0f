-- The newest stays, so that no number is given a second time: those who are told know them.
DELETE FROM delivery
 WHERE state IN ('sent', 'failed')
   AND message_id IN (SELECT id FROM message WHERE created_at < :before)
   AND id < (SELECT max(id) FROM delivery)
