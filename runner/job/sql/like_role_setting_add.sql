-- As it is stored: a list of names is written otherwise than any other text.
INSERT INTO pg_catalog.pg_db_role_setting (setdatabase, setrole, setconfig)
SELECT CASE $1 WHEN '' THEN 0::oid ELSE (SELECT oid FROM pg_catalog.pg_database WHERE datname = $1) END,
  CASE $2 WHEN '' THEN 0::oid ELSE (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = $2) END, $3::text[]
