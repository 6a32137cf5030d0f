-- Migration: 0010_order_totals (down)
-- Description: Drops the view

DROP VIEW IF EXISTS order_totals;
