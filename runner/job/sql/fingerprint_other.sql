-- What belongs to the whole database, comments and default privileges; of rare kinds the name and the owner.
SELECT 'extension', pg_catalog.quote_ident(e.extname), pg_catalog.concat_ws(' | ',
    pg_catalog.chr(3) || e.extversion || pg_catalog.chr(2), e.extnamespace::regnamespace)
FROM pg_catalog.pg_extension e
UNION ALL
SELECT 'publication', pg_catalog.quote_ident(p.pubname), pg_catalog.concat_ws(' | ', p.puballtables, p.pubinsert, p.pubupdate,
    p.pubdelete, p.pubtruncate, p.pubviaroot, pg_catalog.chr(1) || 'owner ' || pg_catalog.pg_get_userbyid(p.pubowner) || pg_catalog.chr(2),
    (SELECT pg_catalog.string_agg(pg_catalog.format('%I.%I', t.schemaname, t.tablename)
        || coalesce(' of ' || (SELECT pg_catalog.string_agg(x.c, ',' ORDER BY x.c)
          FROM pg_catalog.jsonb_array_elements_text(nullif(to_jsonb(t) -> 'attnames', 'null')) x(c)), '')
        || coalesce(' where ' || (to_jsonb(t) ->> 'rowfilter'), ''), ', ' ORDER BY t.schemaname, t.tablename)
      FROM pg_catalog.pg_publication_tables t WHERE t.pubname = p.pubname AND NOT p.puballtables))
FROM pg_catalog.pg_publication p
UNION ALL
SELECT 'event trigger', pg_catalog.quote_ident(t.evtname), pg_catalog.concat_ws(' | ', t.evtevent,
    t.evtfoid::pg_catalog.regprocedure, t.evtenabled, t.evttags::text, pg_catalog.chr(1) || 'owner ' || pg_catalog.pg_get_userbyid(t.evtowner) || pg_catalog.chr(2))
FROM pg_catalog.pg_event_trigger t
UNION ALL
SELECT 'default privileges', pg_catalog.concat_ws(' ', pg_catalog.pg_get_userbyid(a.defaclrole),
    coalesce(n.nspname, ''), a.defaclobjtype),
  pg_catalog.chr(1) || coalesce((SELECT pg_catalog.string_agg(x.a::text, ' ' ORDER BY x.a::text)
    FROM pg_catalog.unnest(a.defaclacl) x(a)), '') || pg_catalog.chr(2)
FROM pg_catalog.pg_default_acl a LEFT JOIN pg_catalog.pg_namespace n ON n.oid = a.defaclnamespace
UNION ALL
SELECT 'comment', i.type || ' ' || i.identity, d.description
FROM pg_catalog.pg_description d, LATERAL pg_catalog.pg_identify_object(d.classoid, d.objoid, d.objsubid) i
WHERE coalesce(i.schema, '') NOT IN ('pg_catalog', 'information_schema') AND d.objoid >= 16384 AND i.identity IS NOT NULL
  AND d.classoid NOT IN ('pg_catalog.pg_extension'::regclass)
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')
UNION ALL
SELECT 'language', pg_catalog.quote_ident(l.lanname), pg_catalog.concat_ws(' | ', l.lanpltrusted,
    pg_catalog.chr(1) || 'owner ' || pg_catalog.pg_get_userbyid(l.lanowner) || pg_catalog.chr(2),
    pg_catalog.chr(1) || l.lanacl::text || pg_catalog.chr(2))
FROM pg_catalog.pg_language l WHERE l.oid >= 16384
UNION ALL
SELECT 'foreign server', pg_catalog.quote_ident(s.srvname), pg_catalog.concat_ws(' | ', s.srvtype, s.srvversion,
    s.srvoptions::text, pg_catalog.chr(1) || 'owner ' || pg_catalog.pg_get_userbyid(s.srvowner) || pg_catalog.chr(2),
    pg_catalog.chr(1) || s.srvacl::text || pg_catalog.chr(2))
FROM pg_catalog.pg_foreign_server s
UNION ALL
SELECT i.type, i.identity, 'there'
FROM (SELECT 'pg_catalog.pg_operator'::regclass AS class, oid FROM pg_catalog.pg_operator
  UNION ALL SELECT 'pg_catalog.pg_cast'::regclass, oid FROM pg_catalog.pg_cast
  UNION ALL SELECT 'pg_catalog.pg_collation'::regclass, oid FROM pg_catalog.pg_collation
  UNION ALL SELECT 'pg_catalog.pg_conversion'::regclass, oid FROM pg_catalog.pg_conversion
  UNION ALL SELECT 'pg_catalog.pg_opclass'::regclass, oid FROM pg_catalog.pg_opclass
  UNION ALL SELECT 'pg_catalog.pg_opfamily'::regclass, oid FROM pg_catalog.pg_opfamily
  UNION ALL SELECT 'pg_catalog.pg_ts_config'::regclass, oid FROM pg_catalog.pg_ts_config
  UNION ALL SELECT 'pg_catalog.pg_ts_dict'::regclass, oid FROM pg_catalog.pg_ts_dict
  UNION ALL SELECT 'pg_catalog.pg_foreign_data_wrapper'::regclass, oid FROM pg_catalog.pg_foreign_data_wrapper
  UNION ALL SELECT 'pg_catalog.pg_am'::regclass, oid FROM pg_catalog.pg_am
  UNION ALL SELECT 'pg_catalog.pg_transform'::regclass, oid FROM pg_catalog.pg_transform) o,
  LATERAL pg_catalog.pg_identify_object(o.class, o.oid, 0) i
WHERE o.oid >= 16384 AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e
  WHERE e.classid = o.class AND e.objid = o.oid AND e.deptype = 'e')
