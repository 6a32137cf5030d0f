-- Migration: 0015_customers_newsletter (down)
-- Description: Drops the column and every choice made

ALTER TABLE customers DROP COLUMN IF EXISTS newsletter;
