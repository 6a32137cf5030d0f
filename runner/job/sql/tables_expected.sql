-- Which of the tables $1 ("public.orders", quoted where needed) are there.
SELECT w.name, COALESCE((SELECT c.relkind IN ('r', 'p', 'f', 'v', 'm') FROM pg_catalog.pg_class c
                          WHERE c.oid = pg_catalog.to_regclass(w.name)), false)
  FROM pg_catalog.unnest($1::text[]) WITH ORDINALITY AS w(name, position)
 ORDER BY w.position
