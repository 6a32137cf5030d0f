-- Migration: 0013_products_price_check
-- Description: A price is never zero or less
-- Author: Shop team
-- Date: 2026-06-01

ALTER TABLE products ADD CONSTRAINT products_price_positive CHECK (price_cents > 0) NOT VALID;
ALTER TABLE products VALIDATE CONSTRAINT products_price_positive;
