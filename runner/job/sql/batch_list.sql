SELECT migration, direction, subject, digest, cursor, batches, rows, passed, expected, left_out, pg_catalog.cardinality(left_out)
FROM {schema}.gatehouse_batch WHERE tracking = '{table}' ORDER BY migration, direction
