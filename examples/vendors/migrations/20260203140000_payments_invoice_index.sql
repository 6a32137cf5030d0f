-- Migration: 20260203140000_payments_invoice_index
-- Description: Payments of an invoice without reading all payments
-- Author: Purchasing
-- Date: 2026-02-03

-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY payments_invoice ON payments (invoice);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY payments_invoice;
