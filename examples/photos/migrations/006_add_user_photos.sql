-- Migration: 006_add_user_photos
-- Description: Add user_photos table for profile and gallery images
-- Author: Photos team
-- Date: 2025-11-23

BEGIN;

CREATE TABLE IF NOT EXISTS user_photos (
    id            SERIAL PRIMARY KEY,
    user_id       INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    album_id      INTEGER REFERENCES albums(id) ON DELETE SET NULL,
    photo_url     TEXT NOT NULL,
    photo_type    VARCHAR(50) NOT NULL CHECK (photo_type IN ('PROFILE', 'GALLERY')),
    display_order INTEGER DEFAULT 0,
    is_primary    BOOLEAN DEFAULT false,
    upload_date   TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    created_at    TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at    TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX IF NOT EXISTS idx_user_photos_user_id ON user_photos (user_id);
CREATE INDEX IF NOT EXISTS idx_user_photos_type ON user_photos (photo_type);

-- PostgreSQL has no UNIQUE constraint with a WHERE: a partial unique index does what is meant.
CREATE UNIQUE INDEX IF NOT EXISTS idx_user_photos_primary ON user_photos (user_id) WHERE is_primary;

CREATE OR REPLACE FUNCTION update_user_photos_updated_at()
RETURNS TRIGGER AS $$
BEGIN
    NEW.updated_at = CURRENT_TIMESTAMP;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;

CREATE TRIGGER trigger_user_photos_updated_at
BEFORE UPDATE ON user_photos
FOR EACH ROW
EXECUTE FUNCTION update_user_photos_updated_at();

COMMENT ON TABLE user_photos IS 'Stores user profile and gallery photos';
COMMENT ON COLUMN user_photos.photo_type IS 'Type of photo: PROFILE or GALLERY';
COMMENT ON COLUMN user_photos.is_primary IS 'Whether this is the primary profile photo';

COMMIT;
