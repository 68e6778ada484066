-- Each build of the read models. The views show the rows of the active one.
CREATE TABLE generations (
  number INTEGER PRIMARY KEY,
  -- Of the projections and this schema: another signature needs another generation.
  signature TEXT NOT NULL,
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  -- How many events were taken in, the last of them, and the position to go on after.
  ordinal INTEGER NOT NULL,
  event TEXT,
  event_position TEXT,
  stream TEXT,
  revision INTEGER,
  position TEXT
) STRICT;

CREATE UNIQUE INDEX generations_active ON generations (active) WHERE active = 1;
