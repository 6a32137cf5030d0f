-- Migration: 0003_orders (down)
-- Description: Drops the orders and their status type

BEGIN;
DROP TABLE IF EXISTS orders;
DROP TYPE IF EXISTS order_status;
COMMIT;
