-- Migration: 0017_orders_currency (down)
-- Description: Drops the column and what is in it

ALTER TABLE orders DROP COLUMN IF EXISTS currency;
