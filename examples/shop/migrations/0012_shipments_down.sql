-- Migration: 0012_shipments (down)
-- Description: Drops shipments and delivery notes, with what they hold

BEGIN;
ALTER TABLE orders DROP COLUMN IF EXISTS delivery_note;
DROP TABLE IF EXISTS shipments;
COMMIT;
