-- The rows of one generation: its number takes the place of the 0 in g0_.
-- Where there is a row for nearly every event, rows are only ever added, and found only by queries: their indexes
-- can then wait until a rebuild has written all rows, and are made in a fraction of the time.

CREATE TABLE g0_history (
  ordinal INTEGER PRIMARY KEY,
  event TEXT NOT NULL,
  -- Numbers of texts: those that are repeated in every event.
  scope INTEGER NOT NULL,
  channel INTEGER NOT NULL,
  actor INTEGER NOT NULL,
  stream TEXT NOT NULL,
  revision INTEGER NOT NULL,
  type TEXT NOT NULL,
  command TEXT NOT NULL
) STRICT;

CREATE TABLE g0_texts (
  number INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE g0_answers (
  ordinal INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  event TEXT NOT NULL,
  scope TEXT NOT NULL,
  channel TEXT NOT NULL,
  conversation TEXT NOT NULL,
  evaluation TEXT,
  actor TEXT NOT NULL,
  origin TEXT NOT NULL,
  time TEXT NOT NULL,
  abstained INTEGER NOT NULL CHECK (abstained IN (0, 1)),
  failure TEXT,
  model TEXT NOT NULL,
  dataset TEXT,
  learned_dataset TEXT,
  learned_line INTEGER,
  similarity REAL,
  latency_ms REAL,
  -- What may be long comes last: what stands before it is found without reading it.
  prompt TEXT NOT NULL,
  -- Null where there is a failure instead.
  response TEXT,
  -- JSON; null where nothing was said beside the answer.
  notes TEXT
) STRICT;

-- Counting a model's answers one by one would take longer the more there are.
CREATE TABLE g0_model_answers (
  scope TEXT NOT NULL,
  model TEXT NOT NULL,
  answers INTEGER NOT NULL,
  PRIMARY KEY (scope, model)
) STRICT, WITHOUT ROWID;

CREATE TABLE g0_corrections (
  ordinal INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  answer TEXT NOT NULL,
  event TEXT NOT NULL,
  scope TEXT NOT NULL,
  channel TEXT NOT NULL,
  member TEXT NOT NULL,
  origin TEXT NOT NULL,
  time TEXT NOT NULL,
  -- As it was given.
  text TEXT NOT NULL,
  question TEXT,
  given_status TEXT NOT NULL
) STRICT;

-- What was decided of a correction later; the last one counts.
CREATE TABLE g0_verdicts (
  ordinal INTEGER PRIMARY KEY,
  scope TEXT NOT NULL,
  correction TEXT NOT NULL,
  status TEXT NOT NULL,
  member TEXT NOT NULL,
  -- What it was edited to when it was approved.
  text TEXT,
  question TEXT
) STRICT;

-- The corrections that wait for review now.
CREATE TABLE g0_waiting (
  ordinal INTEGER PRIMARY KEY,
  scope TEXT NOT NULL,
  answer TEXT NOT NULL,
  correction TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX g0_waiting_correction ON g0_waiting (scope, correction);
CREATE INDEX g0_waiting_answer ON g0_waiting (scope, answer);
CREATE INDEX g0_waiting_scope ON g0_waiting (scope);

CREATE TABLE g0_feedback (
  ordinal INTEGER PRIMARY KEY,
  event TEXT NOT NULL,
  scope TEXT NOT NULL,
  answer TEXT,
  member TEXT NOT NULL,
  rating TEXT CHECK (rating IN ('up', 'down')),
  remark TEXT,
  time TEXT NOT NULL
) STRICT;

CREATE TABLE g0_datasets (
  ordinal INTEGER PRIMARY KEY,
  scope TEXT NOT NULL,
  id TEXT NOT NULL,
  event TEXT NOT NULL,
  channel TEXT NOT NULL,
  actor TEXT NOT NULL,
  time TEXT NOT NULL,
  made TEXT NOT NULL CHECK (made IN ('selected', 'built')),
  format TEXT NOT NULL,
  examples INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  manifest TEXT NOT NULL,
  through TEXT,
  since TEXT,
  details TEXT NOT NULL,
  last_ordinal INTEGER NOT NULL,
  last_channel TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX g0_datasets_id ON g0_datasets (scope, id);
CREATE INDEX g0_datasets_last ON g0_datasets (scope, last_ordinal);

-- There are by far the most of these: the dataset by its short number, and nothing to find them by but the answer.
CREATE TABLE g0_dataset_examples (
  dataset_ordinal INTEGER NOT NULL,
  line INTEGER NOT NULL,
  listed INTEGER NOT NULL,
  answer TEXT NOT NULL,
  correction TEXT,
  PRIMARY KEY (dataset_ordinal, line, listed DESC)
) STRICT, WITHOUT ROWID;

CREATE TABLE g0_jobs (
  ordinal INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  event TEXT NOT NULL,
  scope TEXT NOT NULL,
  channel TEXT NOT NULL,
  actor TEXT NOT NULL,
  time TEXT NOT NULL,
  dataset TEXT NOT NULL,
  format TEXT NOT NULL,
  examples INTEGER NOT NULL,
  trainer TEXT NOT NULL,
  base_model TEXT NOT NULL,
  hyperparameters TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('requested', 'running', 'succeeded', 'failed', 'cancelled')),
  file TEXT,
  reference TEXT,
  step INTEGER NOT NULL,
  total INTEGER NOT NULL,
  loss REAL,
  model TEXT,
  trained_tokens INTEGER,
  -- JSON.
  cost TEXT,
  reason TEXT,
  ended TEXT
) STRICT;
CREATE UNIQUE INDEX g0_jobs_id ON g0_jobs (scope, id);
CREATE INDEX g0_jobs_scope ON g0_jobs (scope);
CREATE INDEX g0_jobs_channel ON g0_jobs (scope, channel);
CREATE INDEX g0_jobs_dataset ON g0_jobs (scope, dataset);
CREATE INDEX g0_jobs_model ON g0_jobs (scope, model) WHERE model IS NOT NULL;
CREATE INDEX g0_jobs_unfinished ON g0_jobs (ordinal) WHERE ended IS NULL;

CREATE TABLE g0_models (
  ordinal INTEGER PRIMARY KEY,
  scope TEXT NOT NULL,
  id TEXT NOT NULL,
  event TEXT NOT NULL,
  channel TEXT NOT NULL,
  time TEXT NOT NULL,
  job TEXT NOT NULL,
  dataset TEXT NOT NULL,
  artifact TEXT,
  last_ordinal INTEGER NOT NULL,
  last_channel TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX g0_models_id ON g0_models (scope, id);
CREATE INDEX g0_models_last ON g0_models (scope, last_ordinal);

CREATE TABLE g0_makings (
  ordinal INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('dataset', 'model')),
  scope TEXT NOT NULL,
  channel TEXT NOT NULL,
  id TEXT NOT NULL
) STRICT;
CREATE INDEX g0_makings_scope ON g0_makings (scope, kind);
CREATE INDEX g0_makings_channel ON g0_makings (scope, kind, channel);

CREATE TABLE g0_promotions (
  ordinal INTEGER PRIMARY KEY,
  event TEXT NOT NULL,
  scope TEXT NOT NULL,
  actor TEXT NOT NULL,
  time TEXT NOT NULL,
  change TEXT NOT NULL CHECK (change IN ('promoted', 'rolled_back')),
  model TEXT NOT NULL,
  dataset TEXT,
  previous TEXT NOT NULL,
  reason TEXT,
  evaluation TEXT
) STRICT;
CREATE INDEX g0_promotions_scope ON g0_promotions (scope);
CREATE INDEX g0_promotions_model ON g0_promotions (scope, model);

CREATE TABLE g0_evaluations (
  ordinal INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  event TEXT NOT NULL,
  scope TEXT NOT NULL,
  channel TEXT NOT NULL,
  actor TEXT NOT NULL,
  time TEXT NOT NULL,
  model TEXT NOT NULL,
  dataset TEXT,
  score REAL,
  results TEXT NOT NULL,
  held_out TEXT
) STRICT;
CREATE INDEX g0_evaluations_model ON g0_evaluations (scope, model);
CREATE UNIQUE INDEX g0_evaluations_id ON g0_evaluations (scope, id);
CREATE INDEX g0_evaluations_channel ON g0_evaluations (scope, channel);

CREATE TABLE g0_utterances (
  scope TEXT NOT NULL,
  answer TEXT NOT NULL,
  id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  member TEXT NOT NULL,
  time TEXT NOT NULL,
  text TEXT NOT NULL,
  heard TEXT NOT NULL CHECK (heard IN ('file', 'channel')),
  duration_ms INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (scope, answer)
) STRICT, WITHOUT ROWID;

CREATE TABLE g0_members (
  scope TEXT NOT NULL,
  id TEXT NOT NULL,
  first_ordinal INTEGER NOT NULL,
  consent TEXT CHECK (consent IN ('consented', 'withdrawn', 'erased')),
  PRIMARY KEY (scope, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE g0_policies (
  scope TEXT PRIMARY KEY,
  ordinal INTEGER NOT NULL,
  policy TEXT NOT NULL,
  reference TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE g0_settings (
  scope TEXT PRIMARY KEY,
  ordinal INTEGER NOT NULL,
  settings TEXT NOT NULL
) STRICT, WITHOUT ROWID;
