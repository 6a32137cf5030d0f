-- Migration Rollback: 002_add_auth_fields
-- Description: Remove the account fields
-- Date: 2025-10-08

BEGIN;

DROP INDEX IF EXISTS idx_users_email;
ALTER TABLE users DROP COLUMN IF EXISTS account_status;
ALTER TABLE users DROP COLUMN IF EXISTS password_hash;
ALTER TABLE users DROP COLUMN IF EXISTS email;

COMMIT;
