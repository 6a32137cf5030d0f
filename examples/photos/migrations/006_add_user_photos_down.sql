-- Migration Rollback: 006_add_user_photos
-- Description: Remove user_photos table
-- Date: 2025-11-23

BEGIN;

DROP TRIGGER IF EXISTS trigger_user_photos_updated_at ON user_photos;
DROP FUNCTION IF EXISTS update_user_photos_updated_at();

DROP INDEX IF EXISTS idx_user_photos_user_id;
DROP INDEX IF EXISTS idx_user_photos_type;
DROP INDEX IF EXISTS idx_user_photos_primary;

DROP TABLE IF EXISTS user_photos;

COMMIT;
