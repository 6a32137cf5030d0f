INSERT INTO project_file (project_id, file, taken_as, reason, digest)
VALUES (:project_id, :file, :taken_as, :reason, :digest)
