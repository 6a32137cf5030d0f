-- Migration: 0007_row_security (down)
-- Description: Takes the policies away: the web role sees nothing until it is granted otherwise

BEGIN;
DROP POLICY IF EXISTS order_items_own ON order_items;
DROP POLICY IF EXISTS orders_own ON orders;
DROP POLICY IF EXISTS customers_own ON customers;
ALTER TABLE order_items DISABLE ROW LEVEL SECURITY;
ALTER TABLE orders DISABLE ROW LEVEL SECURITY;
ALTER TABLE customers DISABLE ROW LEVEL SECURITY;
COMMIT;
