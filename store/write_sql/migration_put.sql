INSERT INTO migration (project_id, key, version, version_number, name, file, description, author, written_on, repeatable,
       code, checksum, present)
VALUES (:project_id, :key, :version, :version_number, :name, :file, :description, :author, :written_on, :repeatable,
       :code, :checksum, 1)
    ON CONFLICT (project_id, key) DO UPDATE
   SET version = excluded.version,
       version_number = excluded.version_number,
       name = excluded.name,
       file = excluded.file,
       description = excluded.description,
       author = excluded.author,
       written_on = excluded.written_on,
       repeatable = excluded.repeatable,
       code = excluded.code,
       checksum = excluded.checksum,
       present = 1
