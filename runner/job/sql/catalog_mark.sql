-- Changes with each change of a relation, an index, a label, a constraint, a partition or a database; not with vacuum,
-- statistics, other rows or temporary objects.
SELECT '@' || coalesce(pg_catalog.md5(pg_catalog.string_agg(x, ',' ORDER BY x)), '') FROM (
  SELECT 'c' || c.oid || ':' || c.xmin::text FROM pg_catalog.pg_class c WHERE c.relpersistence <> 't'
  UNION ALL
  SELECT 'i' || i.indexrelid || ':' || i.xmin::text FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid WHERE c.relpersistence <> 't'
  UNION ALL SELECT 'e' || oid || ':' || xmin::text FROM pg_catalog.pg_enum
  UNION ALL
  SELECT 'k' || k.oid || ':' || k.xmin::text FROM pg_catalog.pg_constraint k
    LEFT JOIN pg_catalog.pg_class c ON c.oid = k.conrelid WHERE c.relpersistence IS DISTINCT FROM 't'
  UNION ALL
  SELECT 'p' || h.inhrelid || ':' || h.xmin::text FROM pg_catalog.pg_inherits h
    JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid WHERE c.relpersistence <> 't'
  UNION ALL SELECT 'd' || oid || ':' || xmin::text FROM pg_catalog.pg_database
) AS t (x)
