-- Every constraint was checked against the rows that are there.
SELECT conrelid::regclass AS "table", conname AS "constraint"
  FROM pg_constraint
 WHERE NOT convalidated AND connamespace = 'public'::regnamespace;
