-- Migration: 0004_order_items (down)
-- Description: Drops the order items

DROP TABLE IF EXISTS order_items;
