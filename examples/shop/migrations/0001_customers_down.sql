-- Migration: 0001_customers (down)
-- Description: Drops the customers and everything known about them

DROP TABLE IF EXISTS customers;
