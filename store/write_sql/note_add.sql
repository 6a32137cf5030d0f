INSERT INTO note (incident_id, person_id, text, created_at)
VALUES (:incident_id, :person_id, :text, :created_at)
