-- Migration: 0011_products_search
-- Description: Full-text search over name and description
-- Author: Shop team
-- Date: 2026-04-20

BEGIN;

-- Rewrites the table; products is small.
ALTER TABLE products ADD COLUMN search tsvector
    GENERATED ALWAYS AS (to_tsvector('simple', name || ' ' || description)) STORED;

CREATE INDEX products_search_idx ON products USING gin (search);

COMMIT;
