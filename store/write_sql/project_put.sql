INSERT INTO project (name, folder, convention)
VALUES (:name, :folder, :convention)
    ON CONFLICT (name) DO UPDATE
   SET signature = CASE WHEN folder = excluded.folder AND convention = excluded.convention THEN signature ELSE '' END,
       folder = excluded.folder, convention = excluded.convention, ended_at = NULL
