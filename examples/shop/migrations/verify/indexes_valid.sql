-- No index was left half made.
SELECT indexrelid::regclass AS "index" FROM pg_index WHERE NOT indisvalid;
