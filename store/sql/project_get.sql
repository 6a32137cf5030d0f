SELECT id, name, folder, CASE WHEN convention = '' THEN detected ELSE convention END, signature, problem, read_at,
       (SELECT count(*) FROM migration m WHERE m.project_id = project.id AND m.present = 1),
       (SELECT count(*) FROM project_file f WHERE f.project_id = project.id AND f.taken_as = 'refused'),
       convention <> '', detected_text, rule, folder_problem, one_transaction, in_turn, found_on
  FROM project
 WHERE name = :name AND ended_at IS NULL
