SELECT pg_catalog.format('CREATE DATABASE %I TEMPLATE template0', $1::text)
