-- Migration: 0016_reviews
-- Description: Product reviews, visible to all once approved
-- Author: Shop team
-- Date: 2026-08-03

BEGIN;

CREATE TABLE reviews (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id  bigint NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    customer_id bigint NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    stars       smallint NOT NULL CHECK (stars BETWEEN 1 AND 5),
    body        text NOT NULL DEFAULT '',
    approved    boolean NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (product_id, customer_id)
);

CREATE INDEX reviews_approved_idx ON reviews (product_id, created_at DESC) WHERE approved;

ALTER TABLE reviews ENABLE ROW LEVEL SECURITY;

CREATE POLICY reviews_read ON reviews FOR SELECT
    USING (approved OR customer_id = nullif(current_setting('shop.customer', true), '')::bigint);
CREATE POLICY reviews_write ON reviews FOR INSERT
    WITH CHECK (customer_id = nullif(current_setting('shop.customer', true), '')::bigint);

COMMIT;
