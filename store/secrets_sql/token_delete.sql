DELETE FROM session_token
 WHERE session_id = :session
