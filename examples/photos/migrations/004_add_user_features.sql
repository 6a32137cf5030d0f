-- Migration: 004_add_user_features
-- Description: Settings of each person
-- Author: Photos team
-- Date: 2025-10-22

BEGIN;

CREATE TABLE IF NOT EXISTS user_settings (
    user_id     INTEGER PRIMARY KEY REFERENCES users(id) ON DELETE CASCADE,
    language    CHAR(2) NOT NULL DEFAULT 'en',
    time_zone   VARCHAR(64) NOT NULL DEFAULT 'UTC',
    preferences JSONB NOT NULL DEFAULT '{}'
);

COMMIT;
