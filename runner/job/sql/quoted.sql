SELECT pg_catalog.format('%I.%I', $1::text, $2::text)
