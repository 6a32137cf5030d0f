UPDATE target
   SET held = :held
 WHERE id = :id
