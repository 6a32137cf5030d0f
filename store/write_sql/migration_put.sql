INSERT INTO migration (project_id, key, version, version_number, name, file, description, author, written_on, present)
VALUES (:project_id, :key, :version, :version_number, :name, :file, :description, :author, :written_on, 1)
    ON CONFLICT (project_id, key) DO UPDATE
   SET version = excluded.version,
       version_number = excluded.version_number,
       name = excluded.name,
       file = excluded.file,
       description = excluded.description,
       author = excluded.author,
       written_on = excluded.written_on,
       present = 1
