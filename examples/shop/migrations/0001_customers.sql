-- Migration: 0001_customers
-- Description: Customers: who buys
-- Author: Shop team
-- Date: 2026-01-12

BEGIN;

CREATE TABLE IF NOT EXISTS customers (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email      text NOT NULL CHECK (email LIKE '%_@_%'),
    name       text NOT NULL,
    country    char(2) NOT NULL DEFAULT 'DE',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE customers IS 'People with an account in the shop';

COMMIT;
