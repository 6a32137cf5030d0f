-- Migration: 0002_products (down)
-- Description: Drops products and categories

BEGIN;
DROP TABLE IF EXISTS products;
DROP TABLE IF EXISTS categories;
COMMIT;
