-- Migration: 0009_orders_open_index (down)
-- Description: Drops the index

DROP INDEX CONCURRENTLY IF EXISTS orders_open_idx;
