-- Migration: 0014_customers_email_unique
-- Description: One account an e-mail address, whatever its case
-- Author: Shop team
-- Date: 2026-06-15

BEGIN;

UPDATE customers SET email = lower(email) WHERE email <> lower(email);

ALTER TABLE customers ADD CONSTRAINT customers_email_key UNIQUE (email);

COMMIT;
