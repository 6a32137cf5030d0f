-- What hangs on tables: constraints, indexes, triggers, rules, policies, statistics.
WITH rel AS (
  SELECT c.oid, c.relkind, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass
      AND d.objid = c.oid AND d.deptype = 'e'))
SELECT 'constraint', pg_catalog.format('%s.%I', rel.name, k.conname),
  pg_catalog.concat_ws(' | ', pg_catalog.pg_get_constraintdef(k.oid), CASE WHEN NOT k.convalidated THEN 'not validated' END,
    'inherited ' || k.coninhcount || k.conislocal::text)
FROM pg_catalog.pg_constraint k JOIN rel ON rel.oid = k.conrelid WHERE k.contype <> 't' AND k.contype <> 'n'
UNION ALL
SELECT 'constraint', pg_catalog.format('%s.%I', k.contypid::regtype, k.conname), pg_catalog.pg_get_constraintdef(k.oid)
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
WHERE k.contypid <> 0 AND k.contype <> 'n' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
UNION ALL
SELECT 'index', x.name, pg_catalog.concat_ws(' | ', pg_catalog.pg_get_indexdef(i.indexrelid),
    CASE WHEN NOT i.indisvalid THEN 'invalid' || CASE x.relkind WHEN 'i' THEN pg_catalog.chr(4) ELSE '' END END, CASE WHEN i.indisclustered THEN 'clustered' END,
    CASE WHEN i.indisreplident THEN 'replica identity' END, CASE WHEN i.indisprimary THEN 'primary' END)
FROM pg_catalog.pg_index i JOIN rel ON rel.oid = i.indrelid JOIN rel x ON x.oid = i.indexrelid
UNION ALL
SELECT 'trigger', pg_catalog.format('%s.%I', rel.name, t.tgname), pg_catalog.pg_get_triggerdef(t.oid) || ' | ' || t.tgenabled::text
FROM pg_catalog.pg_trigger t JOIN rel ON rel.oid = t.tgrelid WHERE NOT t.tgisinternal
UNION ALL
SELECT 'rule', pg_catalog.format('%s.%I', rel.name, r.rulename), pg_catalog.pg_get_ruledef(r.oid) || ' | ' || r.ev_enabled::text
FROM pg_catalog.pg_rewrite r JOIN rel ON rel.oid = r.ev_class WHERE r.rulename <> '_RETURN'
UNION ALL
SELECT 'policy', pg_catalog.format('%s.%I', rel.name, p.polname), pg_catalog.concat_ws(' | ', p.polcmd, p.polpermissive,
    pg_catalog.chr(1) || 'to ' || (SELECT pg_catalog.string_agg(u.name, ', ' ORDER BY u.name) FROM (
        SELECT CASE o WHEN 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(o)::text END
        FROM pg_catalog.unnest(p.polroles) o) u(name)) || pg_catalog.chr(2),
    'using ' || pg_catalog.pg_get_expr(p.polqual, p.polrelid), 'check ' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid))
FROM pg_catalog.pg_policy p JOIN rel ON rel.oid = p.polrelid
UNION ALL
SELECT 'statistics', pg_catalog.format('%I.%I', n.nspname, s.stxname),
  pg_catalog.concat_ws(' | ', pg_catalog.pg_get_statisticsobjdef(s.oid), pg_catalog.chr(1) || 'owner ' || pg_catalog.pg_get_userbyid(s.stxowner) || pg_catalog.chr(2))
FROM pg_catalog.pg_statistic_ext s JOIN rel ON rel.oid = s.stxrelid JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
