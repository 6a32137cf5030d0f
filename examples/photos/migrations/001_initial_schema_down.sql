-- Migration Rollback: 001_initial_schema
-- Description: Remove users
-- Date: 2025-10-01

BEGIN;

DROP TABLE IF EXISTS users;

COMMIT;
