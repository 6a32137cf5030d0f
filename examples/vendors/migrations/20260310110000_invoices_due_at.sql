-- Migration: 20260310110000_invoices_due_at
-- Description: When an invoice has to be paid
-- Author: Purchasing
-- Date: 2026-03-10

-- migrate:up
SET LOCAL lock_timeout = '2s';
ALTER TABLE invoices ADD COLUMN due_at timestamptz;

-- migrate:down
SET LOCAL lock_timeout = '2s';
ALTER TABLE invoices DROP COLUMN due_at;
