INSERT INTO session (person_id, verifier, address, agent, created_at, seen_at, expires_at)
VALUES (:person_id, :verifier, :address, :agent, :now, :now, :expires_at)
