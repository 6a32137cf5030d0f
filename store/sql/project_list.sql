SELECT id, name, folder, convention, signature, problem, read_at,
       (SELECT count(*) FROM migration m WHERE m.project_id = project.id AND m.present = 1),
       (SELECT count(*) FROM project_file f WHERE f.project_id = project.id AND f.taken_as = 'refused')
  FROM project
 WHERE ended_at IS NULL
 ORDER BY name
