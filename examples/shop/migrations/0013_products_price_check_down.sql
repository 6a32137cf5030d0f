-- Migration: 0013_products_price_check (down)
-- Description: Drops the constraint

ALTER TABLE products DROP CONSTRAINT IF EXISTS products_price_positive;
