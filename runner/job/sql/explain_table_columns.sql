-- The query for the columns of the relations $1, of all when there is none.
SELECT CASE WHEN pg_catalog.count(*) = 0
  THEN 'SELECT a.attrelid::regclass AS "table", a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN (''r'', ''p'', ''v'', ''m'', ''f'') AND n.nspname !~ ''^pg_'' AND n.nspname <> ''information_schema'' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum LIMIT 5000'
  ELSE pg_catalog.format('SELECT attrelid::regclass AS "table", attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid IN (%s) AND attnum > 0 AND NOT attisdropped ORDER BY attrelid, attnum',
    pg_catalog.string_agg(pg_catalog.quote_literal(name) || '::regclass', ', ')) END
FROM pg_catalog.unnest($1::text[]) name
WHERE pg_catalog.to_regclass(name) IS NOT NULL
