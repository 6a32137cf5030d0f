-- What differs on production: people who signed up twice, with other capitals in their address.
INSERT INTO customers (email, name, country, created_at)
SELECT 'Customer' || n || '@Example.com', 'Customer ' || n, 'DE', timestamptz '2026-07-01 10:00+00' + n * interval '1 day'
  FROM unnest(ARRAY[17, 204, 981]) AS n;
