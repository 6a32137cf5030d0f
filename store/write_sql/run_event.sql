UPDATE run
   SET event_seq = event_seq + 1
 WHERE id = :id
RETURNING event_seq
