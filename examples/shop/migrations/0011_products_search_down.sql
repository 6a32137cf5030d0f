-- Migration: 0011_products_search (down)
-- Description: Drops the search column with its index

ALTER TABLE products DROP COLUMN IF EXISTS search;
