-- Migration: 0007_row_security
-- Description: The shop's web role sees only the rows of the customer it acts for
-- Author: Shop team
-- Date: 2026-02-23

BEGIN;

ALTER TABLE customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE order_items ENABLE ROW LEVEL SECURITY;

CREATE POLICY customers_own ON customers
    USING (id = nullif(current_setting('shop.customer', true), '')::bigint);

CREATE POLICY orders_own ON orders
    USING (customer_id = nullif(current_setting('shop.customer', true), '')::bigint);

CREATE POLICY order_items_own ON order_items
    USING (EXISTS (SELECT 1 FROM orders WHERE orders.id = order_items.order_id));

COMMIT;
