UPDATE task
   SET journal_offset = :offset, journal_sum = :sum
 WHERE id = :id AND journal_offset <= :offset
