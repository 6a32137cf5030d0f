INSERT INTO rehearsal (target_id, plan_digest, person_id, state, queued_at)
SELECT target_id, digest, :person_id, 'queued', :now
  FROM plan
 WHERE digest = :digest
