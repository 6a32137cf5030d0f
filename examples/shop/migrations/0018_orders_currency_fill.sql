-- Migration: 0018_orders_currency_fill
-- Description: All orders until now were in euros: filled in batches, so that nobody waits for long
-- Author: Shop team
-- Date: 2026-08-10

-- gatehouse:batch table=orders key=id size=500 pause=100ms target=200ms
-- gatehouse:batch done="SELECT id FROM orders WHERE currency IS NULL LIMIT 1"
UPDATE orders SET currency = 'EUR' WHERE id BETWEEN :from AND :to AND currency IS NULL;
