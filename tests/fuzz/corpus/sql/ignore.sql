4-- gatehouse:ignore add-check small

ALTER TABLE t ADD CHECK (a > 0); CREATE INDEX CONCURRENTLY i ON t (a);