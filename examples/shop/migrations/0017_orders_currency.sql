-- Migration: 0017_orders_currency
-- Description: A currency for each order; filled by the next migration
-- Author: Shop team
-- Date: 2026-08-10

ALTER TABLE orders ADD COLUMN currency char(3);
