INSERT INTO migration (project_id, key, version, version_number, name, file, description, author, written_on, present)
SELECT project_id, :key, :version, :version_number, :name, '', '', '', '', 0
  FROM target
 WHERE id = :target
    ON CONFLICT (project_id, key) DO NOTHING
