-- Migration: 0005_touch_updated_at (down)
-- Description: Drops the triggers and their function

DROP TRIGGER IF EXISTS orders_touch ON orders;
DROP TRIGGER IF EXISTS products_touch ON products;
DROP TRIGGER IF EXISTS customers_touch ON customers;
DROP FUNCTION IF EXISTS touch_updated_at();
