-- Migration Rollback: 004_add_user_features
-- Description: Remove the settings
-- Date: 2025-10-22

DROP TABLE IF EXISTS user_settings;
