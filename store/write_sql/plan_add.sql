INSERT INTO plan (digest, target_id, direction, act, migrations, created_at, bytes)
VALUES (:digest, :target_id, :direction, :act, :migrations, :created_at, :bytes)
    ON CONFLICT (digest) DO NOTHING
