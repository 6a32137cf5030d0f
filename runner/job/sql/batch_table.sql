CREATE TABLE IF NOT EXISTS {schema}.gatehouse_batch (tracking text NOT NULL, migration text NOT NULL,
direction text NOT NULL, subject text NOT NULL, digest text NOT NULL, cursor text, batches bigint NOT NULL,
rows bigint NOT NULL, passed bigint NOT NULL, expected bigint NOT NULL, left_out text[] NOT NULL,
updated_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (tracking, migration, direction))
