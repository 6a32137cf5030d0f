0-- Migration: 0008_orders_customer_index
-- Description: A customer's orders without reading the whole table
-- Author: Shop team
-- Date: 2026-03-09

-- CONCURRENTLY: the shop goes on taking orders while the index is built.
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_customer_idx ON orders (customer_id, placed_at DESC);
