-- Migration: 005_add_albums
-- Description: Albums that group photos
-- Author: Photos team
-- Date: 2025-11-12

BEGIN;

CREATE TABLE IF NOT EXISTS albums (
    id         SERIAL PRIMARY KEY,
    user_id    INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    title      VARCHAR(200) NOT NULL,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX IF NOT EXISTS idx_albums_user_id ON albums (user_id);

COMMIT;
