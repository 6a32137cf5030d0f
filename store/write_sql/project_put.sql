INSERT INTO project (name, folder, convention, tracking, detected)
VALUES (:name, :folder, :convention, :tracking, :convention)
    ON CONFLICT (name) DO UPDATE
   SET signature = CASE WHEN folder = excluded.folder AND convention = excluded.convention AND tracking = excluded.tracking
                        THEN signature ELSE '' END,
       found_on = CASE WHEN folder = excluded.folder AND convention = excluded.convention THEN found_on ELSE '' END,
       detected = CASE WHEN folder = excluded.folder AND convention = excluded.convention THEN detected
                       ELSE excluded.convention END,
       folder = excluded.folder, convention = excluded.convention, tracking = excluded.tracking, ended_at = NULL
