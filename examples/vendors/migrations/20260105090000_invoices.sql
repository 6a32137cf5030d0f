-- Migration: 20260105090000_invoices
-- Description: Invoices of the vendors
-- Author: Purchasing
-- Date: 2026-01-05

-- migrate:up
CREATE TABLE invoices (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number     text NOT NULL UNIQUE,
    vendor     text NOT NULL,
    issued_at  timestamptz NOT NULL DEFAULT now(),
    total      numeric(12, 2) NOT NULL
);

-- migrate:down
DROP TABLE invoices;
