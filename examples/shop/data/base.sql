-- Rows as a shop would have them.  Needs migrations 0001 to 0006.  Variables of psql: customers, orders.
BEGIN;

INSERT INTO categories (slug, name) VALUES
    ('coffee', 'Coffee'), ('tea', 'Tea'), ('kitchen', 'Kitchen'), ('table', 'Table'), ('gifts', 'Gifts');

INSERT INTO products (category_id, sku, name, description, price_cents)
SELECT 1 + n % 5,
       'SKU-' || to_char(n, 'FM0000'),
       (ARRAY['House blend', 'Green tea', 'Milk jug', 'Linen napkin', 'Gift box', 'Filter holder', 'Tea pot', 'Tray'])[1 + n % 8]
         || ' no. ' || n,
       'Batch ' || n % 17 || ', packed by hand.',
       490 + (n * 37) % 4500
  FROM generate_series(1, 240) AS n;

INSERT INTO customers (email, name, country, created_at)
SELECT 'customer' || n || '@example.com',
       'Customer ' || n,
       (ARRAY['DE', 'AT', 'CH', 'NL', 'FR'])[1 + n % 5],
       timestamptz '2026-01-15 08:00+00' + n * interval '53 minutes'
  FROM generate_series(1, :customers) AS n;

INSERT INTO orders (customer_id, status, placed_at)
SELECT 1 + (n * 7919) % :customers,
       (ARRAY['paid', 'shipped', 'shipped', 'shipped', 'cancelled', 'new', 'shipped', 'returned'])[1 + n % 8]::order_status,
       timestamptz '2026-02-01 09:00+00' + n * interval '17 minutes'
  FROM generate_series(1, :orders) AS n;

INSERT INTO order_items (order_id, position, product_id, quantity, price_cents)
SELECT o, p, 1 + (o * 31 + p * 17) % 240, 1 + (o + p) % 3, 490 + ((o * 31 + p * 17) % 240 * 37) % 4500
  FROM generate_series(1, :orders) AS o, generate_series(1, 1 + o % 3) AS p;

COMMIT;
ANALYZE categories, products, customers, orders, order_items;
