UPDATE run
   SET control = :to
 WHERE id = :run AND control = :from
