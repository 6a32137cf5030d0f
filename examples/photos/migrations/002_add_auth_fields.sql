-- Migration: 002_add_auth_fields
-- Description: Address, password hash and state of an account
-- Author: Photos team
-- Date: 2025-10-08

BEGIN;

ALTER TABLE users ADD COLUMN IF NOT EXISTS email VARCHAR(255);
ALTER TABLE users ADD COLUMN IF NOT EXISTS password_hash VARCHAR(255);
ALTER TABLE users ADD COLUMN IF NOT EXISTS account_status VARCHAR(20) NOT NULL DEFAULT 'PENDING'
    CHECK (account_status IN ('ACTIVE', 'SUSPENDED', 'DELETED', 'PENDING'));

CREATE UNIQUE INDEX IF NOT EXISTS idx_users_email ON users (email);

COMMENT ON COLUMN users.account_status IS 'Account status: ACTIVE, SUSPENDED, DELETED, PENDING';

COMMIT;
