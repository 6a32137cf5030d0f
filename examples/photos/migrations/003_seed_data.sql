-- Migration: 003_seed_data
-- Description: A few accounts to develop with
-- Author: Photos team
-- Date: 2025-10-08

INSERT INTO users (handle, email, account_status) VALUES
    ('demo-one', 'one@example.com', 'ACTIVE'),
    ('demo-two', 'two@example.com', 'ACTIVE'),
    ('demo-three', 'three@example.com', 'PENDING')
ON CONFLICT (handle) DO NOTHING;
