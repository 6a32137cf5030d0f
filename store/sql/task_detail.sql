SELECT person_id, pid, journal_offset, journal_sum
  FROM task
 WHERE id = :id
