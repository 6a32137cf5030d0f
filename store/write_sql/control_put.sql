UPDATE run
   SET control = :control, control_text = :text, control_serial = control_serial + 1, window_end = :window_end,
       batch_size = :batch_size, batch_pause_ms = :batch_pause_ms
 WHERE id = :run AND state = 'running'
