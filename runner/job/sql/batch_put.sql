INSERT INTO {schema}.gatehouse_batch AS b (tracking, migration, direction, subject, digest, cursor, batches, rows, passed, expected, left_out)
VALUES ('{table}', $1, $2, $3, $4, $5, $6::int8, $7::int8, $8::int8, $9::int8, CASE WHEN $10::text IS NULL THEN '{}' ELSE ARRAY[$10::text] END)
ON CONFLICT (tracking, migration, direction) DO UPDATE
SET subject = excluded.subject, digest = excluded.digest, cursor = excluded.cursor, batches = excluded.batches, rows = excluded.rows,
passed = excluded.passed, expected = excluded.expected, left_out = b.left_out || excluded.left_out, updated_at = pg_catalog.now()
