-- Tells this Gatehouse from others at the same databases: their runs have the same numbers.
CREATE TABLE installation (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  name TEXT NOT NULL CHECK (length(name) = 8)
) STRICT;
INSERT INTO installation VALUES (1, lower(hex(randomblob(4))));
