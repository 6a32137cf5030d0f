UPDATE target
   SET reachable = 1, problem = '', checked_at = :now, system_id = :system_id, database_name = :database_name,
       database_oid = :database_oid, server_version = :server_version, role_name = :role_name
 WHERE id = :id
