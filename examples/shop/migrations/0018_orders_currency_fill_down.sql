-- Migration: 0018_orders_currency_fill (down)
-- Description: Empties the column again, in batches

-- gatehouse:batch table=orders key=id size=500 pause=100ms target=200ms
UPDATE orders SET currency = NULL WHERE id BETWEEN :from AND :to AND currency IS NOT NULL;
