INSERT INTO project_file (project_id, file, taken_as, reason, key, digest)
VALUES (:project_id, :file, :taken_as, :reason, :key, :digest)
    ON CONFLICT (project_id, file) DO NOTHING
