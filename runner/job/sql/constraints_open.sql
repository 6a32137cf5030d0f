-- Constraints that are not validated, without those whose oids are in $1; of temporary tables none.  Those that a table
-- has from its parent are its parent's.
SELECT c.oid::text, pg_catalog.quote_ident(c.conname),
       CASE WHEN c.conrelid <> 0 THEN pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(r.relname)
            ELSE pg_catalog.format_type(c.contypid, NULL) END
  FROM pg_catalog.pg_constraint c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace
  LEFT JOIN pg_catalog.pg_class r ON r.oid = c.conrelid
 WHERE NOT c.convalidated AND c.conparentid = 0 AND (c.conislocal OR c.coninhcount = 0)
   AND n.nspname !~ '^pg_temp_' AND c.oid <> ALL ($1::oid[])
 ORDER BY 3, 2
