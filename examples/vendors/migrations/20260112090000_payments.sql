-- Migration: 20260112090000_payments
-- Description: What was paid, and for which invoice
-- Author: Purchasing
-- Date: 2026-01-12

-- migrate:up
CREATE TABLE payments (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    invoice    bigint NOT NULL REFERENCES invoices,
    paid_at    timestamptz NOT NULL DEFAULT now(),
    amount     numeric(12, 2) NOT NULL
);

-- migrate:down
DROP TABLE payments;
