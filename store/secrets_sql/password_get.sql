SELECT hash
  FROM password
 WHERE person_id = :person
