0-- Migration: 0003_orders
-- Description: Orders with their status as an enum
-- Author: Shop team
-- Date: 2026-01-19

BEGIN;

CREATE TYPE order_status AS ENUM ('new', 'paid', 'shipped', 'cancelled');

CREATE TABLE orders (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers (id),
    status      order_status NOT NULL DEFAULT 'new',
    placed_at   timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE orders IS 'One row an order; what was ordered is in order_items';

COMMIT;
