UPDATE run
   SET window_end = :window_end
 WHERE id = :run
