-- Column names $3 as a detail has them ("a, b") of table $1.$2, when all are plain columns: the query for values that
-- are there more than once.
WITH part AS (
  SELECT a.attname, e.p FROM pg_catalog.unnest(pg_catalog.string_to_array($3, ', ')) WITH ORDINALITY e(name, p)
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = pg_catalog.to_regclass(pg_catalog.format('%I.%I', $1::text, $2::text))
    AND pg_catalog.quote_ident(a.attname) = e.name AND a.attnum > 0 AND NOT a.attisdropped),
list AS (
  SELECT pg_catalog.string_agg(pg_catalog.quote_ident(attname), ', ' ORDER BY p) AS names,
    pg_catalog.string_agg(pg_catalog.quote_ident(attname) || ' IS NOT NULL', ' AND ' ORDER BY p) AS filled
  FROM part HAVING pg_catalog.count(attname) = pg_catalog.count(*))
SELECT pg_catalog.format('SELECT %s, count(*) AS rows FROM %I.%I WHERE %s GROUP BY %s HAVING count(*) > 1 ORDER BY count(*) DESC LIMIT 21',
  names, $1::text, $2::text, filled, names)
FROM list
