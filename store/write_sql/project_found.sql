UPDATE project
   SET detected = :convention, rule = :rule, folder_problem = :problem, one_transaction = :one_transaction,
       in_turn = :in_turn
 WHERE id = :project
