-- Migration: 0014_customers_email_unique (down)
-- Description: Drops the constraint; the addresses stay in lower case

ALTER TABLE customers DROP CONSTRAINT IF EXISTS customers_email_key;
