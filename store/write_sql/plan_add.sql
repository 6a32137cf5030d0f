INSERT INTO plan (digest, target_id, direction, migrations, created_at, bytes)
VALUES (:digest, :target_id, :direction, :migrations, :created_at, :bytes)
    ON CONFLICT (digest) DO NOTHING
