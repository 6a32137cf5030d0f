-- Migration: 0008_orders_customer_index (down)
-- Description: Drops the index

DROP INDEX CONCURRENTLY IF EXISTS orders_customer_idx;
