SELECT id, name, created_at, ended_at, (SELECT group_concat(role) FROM person_role WHERE person_id = person.id)
  FROM person
 WHERE name = :name
