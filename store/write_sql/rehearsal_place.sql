UPDATE rehearsal
   SET place = :place, text = :text, tables = :tables, rows = :rows, bytes = :bytes
 WHERE id = :id
