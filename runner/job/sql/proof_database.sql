SELECT pg_catalog.format('CREATE DATABASE %I TEMPLATE template0', $1::text)
  || CASE $2 WHEN '' THEN '' ELSE pg_catalog.format(' ENCODING %L', $2) END
  || CASE $3 WHEN '' THEN '' ELSE pg_catalog.format(' LC_COLLATE %L', $3) END
  || CASE $4 WHEN '' THEN '' ELSE pg_catalog.format(' LC_CTYPE %L', $4) END
  || CASE $5 WHEN '' THEN '' ELSE pg_catalog.format(' LOCALE_PROVIDER icu ICU_LOCALE %L', $5) END
