-- A checksum for each event and a seal every 64 events, in place of a hash for each event. Only a ledger without
-- events is changed here; one that has some is copied event by event, because that takes the old chain to be checked
-- and the new one to be computed: src/adapters/ledger/sqlite/upgrade.ts.

-- Fails where there is an event.
DELETE FROM events;
DROP TABLE events;

CREATE TABLE events (
  -- From 1, without gaps.
  position INTEGER PRIMARY KEY,
  stream INTEGER NOT NULL,
  -- From 0 within the stream, without gaps.
  revision INTEGER NOT NULL,
  -- A UUID's 16 bytes.
  id BLOB NOT NULL,
  -- CRC-32 of this event, for every read: src/adapters/ledger/sqlite/chain.ts.
  checksum INTEGER NOT NULL,
  -- With every 64th event: SHA-256 over the seal before and the 64 events since.
  seal BLOB,
  type TEXT NOT NULL,
  -- JSON.
  data TEXT NOT NULL,
  metadata TEXT NOT NULL,
  UNIQUE (stream, revision),
  -- What finds a repeated append. Within the stream, because new streams then stay together in the index.
  UNIQUE (stream, id)
) STRICT;

CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN
  SELECT raise(ABORT, 'events are never changed');
END;

CREATE TRIGGER events_are_never_taken_away BEFORE DELETE ON events
BEGIN
  SELECT raise(ABORT, 'events are never taken away');
END;
