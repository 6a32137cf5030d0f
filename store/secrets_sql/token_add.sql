INSERT INTO session_token (session_id, digest)
VALUES (:session, :digest)
