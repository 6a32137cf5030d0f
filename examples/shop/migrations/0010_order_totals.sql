-- Migration: 0010_order_totals
-- Description: A view with the total of each order
-- Author: Shop team
-- Date: 2026-03-30

CREATE OR REPLACE VIEW order_totals AS
SELECT o.id, o.customer_id, o.status, o.placed_at,
       coalesce(sum(i.quantity * i.price_cents), 0) AS total_cents
  FROM orders o
  LEFT JOIN order_items i ON i.order_id = o.id
 GROUP BY o.id;
