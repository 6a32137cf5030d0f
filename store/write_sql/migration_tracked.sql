INSERT INTO migration (project_id, key, version, version_number, name, file, description, author, written_on, present)
SELECT project_id, :key, :version,
       coalesce((SELECT m.version_number / 2 * 2 + 1 FROM migration m WHERE m.project_id = target.project_id
                    AND m.key = :after), -1), :name, '', '', '', '', 0
  FROM target
 WHERE id = :id
    ON CONFLICT (project_id, key) DO UPDATE
   SET version_number = excluded.version_number
 WHERE present = 0 AND version_number <> excluded.version_number
