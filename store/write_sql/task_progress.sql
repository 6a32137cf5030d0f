UPDATE task
   SET activity = :activity, note = :note, done = :done, total = :total, unit = :unit, since = :since
 WHERE id = :id
