-- Migration: 001_initial_schema
-- Description: People who share photos
-- Author: Photos team
-- Date: 2025-10-01

BEGIN;

CREATE TABLE IF NOT EXISTS users (
    id         SERIAL PRIMARY KEY,
    handle     VARCHAR(40) NOT NULL UNIQUE,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

COMMIT;
