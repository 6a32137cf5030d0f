-- Migration Rollback: 003_seed_data
-- Description: Remove the accounts to develop with
-- Date: 2025-10-08

DELETE FROM users WHERE handle IN ('demo-one', 'demo-two', 'demo-three');
