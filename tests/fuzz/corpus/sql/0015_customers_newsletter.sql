0-- Migration: 0015_customers_newsletter
-- Description: Newsletter choice: a column, filled in batches, then required
-- Author: Shop team
-- Date: 2026-07-06

ALTER TABLE customers ADD COLUMN newsletter boolean;

DO $$
DECLARE
    batch   constant integer := 1000;
    changed integer := 1;
    total   integer := 0;
BEGIN
    WHILE changed > 0 LOOP
        UPDATE customers SET newsletter = false
         WHERE id IN (SELECT id FROM customers WHERE newsletter IS NULL ORDER BY id LIMIT batch);
        GET DIAGNOSTICS changed = ROW_COUNT;
        total := total + changed;
    END LOOP;
    RAISE NOTICE 'newsletter set for % customers', total;
END;
$$;

ALTER TABLE customers ALTER COLUMN newsletter SET DEFAULT false;
ALTER TABLE customers ALTER COLUMN newsletter SET NOT NULL;
