-- What pg_dump writes rows of: ordinary tables but those of an extension, unless it declares them as configuration.
-- With $1 also their names as SQL has them and their bytes with indexes; an index that is locked is not waited for.
SELECT n.nspname::text, c.relname::text, pg_catalog.format('%I.%I', n.nspname, c.relname),
  CASE WHEN NOT $1::boolean THEN -1
    WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_index i ON i.indexrelid = l.relation
      WHERE i.indrelid = c.oid AND l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.database =
        (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
      THEN c.relpages::bigint * pg_catalog.current_setting('block_size')::bigint
    ELSE pg_catalog.pg_total_relation_size(c.oid) END
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp_)'
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e'
      AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
      AND NOT coalesce(c.oid = ANY (e.extconfig), false))
ORDER BY 1, 2
