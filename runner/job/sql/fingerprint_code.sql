-- Functions (those that a range brings are the range's), types, schemas.
SELECT CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END,
  pg_catalog.format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)),
  pg_catalog.concat_ws(' | ', pg_catalog.chr(1) || 'owner ' || pg_catalog.pg_get_userbyid(p.proowner) || pg_catalog.chr(2),
    pg_catalog.chr(1) || 'privileges ' || (SELECT pg_catalog.string_agg(x.a::text, ' ' ORDER BY x.a::text)
      FROM pg_catalog.unnest(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) x(a)) || pg_catalog.chr(2),
    CASE WHEN p.prokind <> 'a' THEN pg_catalog.pg_get_functiondef(p.oid)
      ELSE (SELECT pg_catalog.concat_ws(' ', g.aggkind, g.aggtransfn, g.aggfinalfn, g.aggcombinefn, g.aggserialfn,
          g.aggdeserialfn, g.aggmtransfn, nullif(g.aggsortop, 0)::regoperator, g.aggtranstype::regtype, g.agginitval)
        FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = p.oid) END)
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::regclass
    AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
UNION ALL
SELECT CASE t.typtype WHEN 'd' THEN 'domain' WHEN 'e' THEN 'enum' ELSE 'type' END,
  pg_catalog.format('%I.%I', n.nspname, t.typname),
  pg_catalog.concat_ws(' | ', t.typtype, pg_catalog.chr(1) || 'owner ' || pg_catalog.pg_get_userbyid(t.typowner) || pg_catalog.chr(2),
    pg_catalog.chr(1) || 'privileges ' || (SELECT pg_catalog.string_agg(x.a::text, ' ' ORDER BY x.a::text)
      FROM pg_catalog.unnest(coalesce(t.typacl, pg_catalog.acldefault('T', t.typowner))) x(a)) || pg_catalog.chr(2),
    CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END,
    CASE WHEN t.typnotnull THEN 'not null' END, 'default ' || t.typdefault,
    'collation ' || CASE WHEN t.typcollation <> 0 THEN t.typcollation::regcollation::text END,
    (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
      FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid),
    (SELECT pg_catalog.concat_ws(' ', r.rngsubtype::regtype, nullif(r.rngcollation, 0)::regcollation, r.rngcanonical, r.rngsubdiff)
      FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid))
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype IN ('d', 'e', 'r', 'b') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_(toast|temp)' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type b WHERE b.typarray = t.oid)
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_type'::regclass
    AND d.objid = t.oid AND d.deptype = 'e')
UNION ALL
SELECT 'schema', pg_catalog.quote_ident(n.nspname), pg_catalog.concat_ws(' | ', 'there',
    -- That of initdb, whatever it is called.
    pg_catalog.chr(1) || 'owner ' || CASE WHEN n.oid <> 2200 OR n.nspowner <> 10 THEN pg_catalog.pg_get_userbyid(n.nspowner) END
      || pg_catalog.chr(2),
    pg_catalog.chr(1) || 'privileges ' || (SELECT pg_catalog.string_agg(x.a::text, ' ' ORDER BY x.a::text)
      FROM pg_catalog.unnest(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) x(a) WHERE n.oid <> 2200 OR n.nspowner <> 10) || pg_catalog.chr(2))
FROM pg_catalog.pg_namespace n
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_namespace'::regclass
    AND d.objid = n.oid AND d.deptype = 'e')
