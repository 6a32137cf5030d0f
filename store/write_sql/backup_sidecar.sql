UPDATE backup SET sidecar_wrong = :wrong, sidecar_read = :read WHERE id = :id
