-- Migration: 0012_shipments
-- Description: Parcels and their tracking numbers
-- Author: Shop team
-- Date: 2026-05-11

BEGIN;

CREATE TABLE shipments (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id   bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    carrier    text NOT NULL,
    tracking   text NOT NULL,
    shipped_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (carrier, tracking)
);

CREATE INDEX shipments_order_idx ON shipments (order_id);

ALTER TABLE orders ADD COLUMN delivery_note text;

COMMENT ON COLUMN orders.delivery_note IS 'What the customer wrote for the driver';

COMMIT;
