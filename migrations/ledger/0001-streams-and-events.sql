-- What happened, once, in order, never changed.

-- 'TrLg': tells a ledger from any other SQLite database.
PRAGMA application_id = 1416776807;

-- Names are long and repeated, so events hold a number.
CREATE TABLE streams (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE events (
  -- From 1, without gaps.
  position INTEGER PRIMARY KEY,
  stream INTEGER NOT NULL,
  -- From 0 within the stream, without gaps.
  revision INTEGER NOT NULL,
  -- A UUID's 16 bytes.
  id BLOB NOT NULL,
  -- SHA-256 over the hash before and this event: src/adapters/ledger/sqlite/chain.ts.
  hash BLOB NOT NULL,
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

CREATE TRIGGER streams_are_never_changed BEFORE UPDATE ON streams
BEGIN
  SELECT raise(ABORT, 'streams are never changed');
END;

CREATE TRIGGER streams_are_never_taken_away BEFORE DELETE ON streams
BEGIN
  SELECT raise(ABORT, 'streams are never taken away');
END;
