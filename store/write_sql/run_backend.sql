UPDATE run
   SET backend_pid = :pid, backend_start = :start
 WHERE id = :id
