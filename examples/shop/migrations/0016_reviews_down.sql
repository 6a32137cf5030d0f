-- Migration: 0016_reviews (down)
-- Description: Drops all reviews

DROP TABLE IF EXISTS reviews;
