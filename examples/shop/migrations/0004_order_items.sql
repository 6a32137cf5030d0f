-- Migration: 0004_order_items
-- Description: What was ordered, at which price
-- Author: Shop team
-- Date: 2026-01-19

CREATE TABLE order_items (
    order_id    bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    position    integer NOT NULL,
    product_id  bigint NOT NULL REFERENCES products (id),
    quantity    integer NOT NULL CHECK (quantity > 0),
    price_cents integer NOT NULL,
    PRIMARY KEY (order_id, position)
);

CREATE INDEX order_items_product_idx ON order_items (product_id);
