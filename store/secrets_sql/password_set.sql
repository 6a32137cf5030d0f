INSERT INTO password (person_id, hash, changed_at)
VALUES (:person, :hash, :now)
    ON CONFLICT (person_id) DO UPDATE
   SET hash = excluded.hash, changed_at = excluded.changed_at
