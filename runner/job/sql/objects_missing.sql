-- An object of another kind is another one: a view does not stand for a table, nor a table's row type for a type.
-- Positions (from 1) of wanted objects (kinds $1, names $2) that a quick look does not find.  Names are as plans have
-- them: quoted where needed, public standing for the search path, which a function may have moved anywhere.
WITH want AS (
  SELECT CASE
      WHEN w.kind IN ('table', 'foreign table') THEN 'table'
      WHEN w.kind IN ('view', 'materialized view') THEN 'view'
      WHEN w.kind IN ('index', 'sequence') THEN w.kind
      WHEN w.kind IN ('type', 'domain') THEN 'type'
      WHEN w.kind IN ('function', 'procedure') THEN 'function' END AS kind, w.object, w.position
  FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) WITH ORDINALITY
    AS w(kind, object, position)),
stored AS (
  SELECT CASE WHEN c.relkind IN ('r', 'p', 'f') THEN 'table' WHEN c.relkind IN ('v', 'm') THEN 'view'
    WHEN c.relkind IN ('i', 'I') THEN 'index' WHEN c.relkind = 'S' THEN 'sequence' END AS kind, n.nspname, c.relname AS name
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  UNION ALL SELECT 'type', n.nspname, t.typname
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
  WHERE c.oid IS NULL OR c.relkind = 'c'
  UNION ALL SELECT 'function', n.nspname, p.proname
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace),
have AS (
  SELECT kind, pg_catalog.quote_ident(nspname) || '.' || pg_catalog.quote_ident(name) AS name FROM stored
  WHERE nspname <> 'pg_catalog'
  UNION ALL SELECT kind, 'public.' || pg_catalog.quote_ident(name) FROM stored
  WHERE nspname <> 'information_schema' AND nspname !~ '^pg_')
SELECT want.position FROM want
WHERE want.kind IS NULL
  OR NOT EXISTS (SELECT 1 FROM have WHERE have.kind = want.kind AND have.name = want.object)
ORDER BY 1
