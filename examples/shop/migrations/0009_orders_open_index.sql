-- Migration: 0009_orders_open_index
-- Description: Open orders for the packing desk: a partial index
-- Author: Shop team
-- Date: 2026-03-09

CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_open_idx ON orders (placed_at)
    WHERE status IN ('new', 'paid');
