INSERT INTO content (digest, bytes)
VALUES (:digest, :bytes)
    ON CONFLICT (digest) DO NOTHING
