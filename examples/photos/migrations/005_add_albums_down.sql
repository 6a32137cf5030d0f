-- Migration Rollback: 005_add_albums
-- Description: Remove the albums
-- Date: 2025-11-12

BEGIN;

DROP INDEX IF EXISTS idx_albums_user_id;
DROP TABLE IF EXISTS albums;

COMMIT;
