-- Migration: 0006_order_status_returned
-- Description: Returned parcels get a status of their own
-- Author: Shop team
-- Date: 2026-02-16

-- There is no down: PostgreSQL cannot take a value out of an enum.
ALTER TYPE order_status ADD VALUE IF NOT EXISTS 'returned' AFTER 'shipped';
