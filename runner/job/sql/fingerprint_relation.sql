-- Tables, views, sequences: kind, name, definition.  What belongs to an extension is the extension's.
-- chr(1) .. chr(2) is who owns it and who may do what, chr(3) .. chr(2) the machine's, chr(4) what no dump has:
-- fingerprint_restorable.c.
SELECT CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
    WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table' ELSE 'composite type' END,
  pg_catalog.format('%I.%I', n.nspname, c.relname),
  pg_catalog.concat_ws(' | ', c.relkind, c.relpersistence, pg_catalog.chr(1) || 'owner ' || pg_catalog.pg_get_userbyid(c.relowner) || pg_catalog.chr(2),
    pg_catalog.chr(1) || 'privileges ' || (SELECT pg_catalog.string_agg(x.a::text, ' ' ORDER BY x.a::text)
      FROM pg_catalog.unnest(coalesce(c.relacl,
        pg_catalog.acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))) x(a)) || pg_catalog.chr(2),
    'access ' || (SELECT m.amname FROM pg_catalog.pg_am m WHERE m.oid = c.relam),
    pg_catalog.chr(3) || 'tablespace ' || (SELECT s.spcname FROM pg_catalog.pg_tablespace s WHERE s.oid = c.reltablespace)
      || pg_catalog.chr(2),
    'options ' || c.reloptions::text, 'row security ' || c.relrowsecurity::text || c.relforcerowsecurity::text,
    'identity ' || c.relreplident::text, 'of ' || CASE WHEN c.reloftype <> 0 THEN c.reloftype::regtype::text END,
    'key ' || CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END,
    'bound ' || pg_catalog.pg_get_expr(c.relpartbound, c.oid),
    'parents ' || (SELECT pg_catalog.string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno)
      FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid),
    CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid) END,
    CASE WHEN c.relkind = 'm' THEN 'filled ' || c.relispopulated::text END,
    (SELECT pg_catalog.concat_ws(' ', q.seqtypid::regtype, q.seqstart, q.seqincrement, q.seqmax, q.seqmin, q.seqcache,
        q.seqcycle, 'of ' || (SELECT pg_catalog.format('%s.%I', d.refobjid::regclass, a.attname)
          FROM pg_catalog.pg_depend d
          JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
          WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
            AND d.refobjsubid > 0 LIMIT 1))
      FROM pg_catalog.pg_sequence q WHERE q.seqrelid = c.oid),
    (SELECT 'server ' || s.srvname || ' ' || coalesce(f.ftoptions::text, '')
      FROM pg_catalog.pg_foreign_table f JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid))
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c') AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass
    AND d.objid = c.oid AND d.deptype = 'e')
