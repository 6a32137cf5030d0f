-- $1: the password, encrypted; '' none.
SELECT CASE $1::text WHEN '' THEN 'ALTER ROLE CURRENT_USER PASSWORD NULL'
  ELSE pg_catalog.format('ALTER ROLE CURRENT_USER PASSWORD %L', $1::text) END
