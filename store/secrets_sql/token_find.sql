SELECT session_id
  FROM session_token
 WHERE digest = :digest
