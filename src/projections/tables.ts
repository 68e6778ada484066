import type { Generated } from 'kysely';
import type { CorrectionStatus } from '../domain/answer.ts';
import type { EventType, Rating } from '../domain/events.ts';
import type { DatasetFormat } from '../domain/examples.ts';
import type { Origin } from '../domain/policy.ts';
import type { JobState } from '../domain/surface.ts';

/**
 * The rows of the read models. `ordinal` counts the events taken in, from 1: it orders what happened, is the
 * same in every rebuild, and stands where the ledger's own positions cannot be computed with.
 */
export interface Tables {
  history: HistoryRow;
  answers: AnswerRow;
  model_answers: ModelAnswersRow;
  corrections: CorrectionRow;
  feedback: FeedbackRow;
  datasets: DatasetRow;
  dataset_examples: DatasetExampleRow;
  jobs: JobRow;
  models: ModelRow;
  makings: MakingRow;
  promotions: PromotionRow;
  evaluations: EvaluationRow;
  members: MemberRow;
  policies: PolicyRow;
  settings: SettingsRow;
  waiting: WaitingRow;
  utterances: UtteranceRow;
}

/** One for each event. Its content stays in the ledger. */
export interface HistoryRow {
  ordinal: number;
  event: string;
  scope: string;
  channel: string;
  stream: string;
  revision: number;
  type: EventType;
  actor: string;
  command: string;
}

/** A reply of a model, or why there was none. */
export interface AnswerRow {
  id: string;
  ordinal: number;
  event: string;
  scope: string;
  channel: string;
  conversation: string;
  evaluation: string | null;
  actor: string;
  origin: Origin;
  time: string;
  /** The user's last message. */
  prompt: string;
  /** Null where the model failed. */
  response: string | null;
  abstained: 0 | 1;
  failure: string | null;
  model: string;
  dataset: string | null;
  /** The line of `learned_dataset` that the answer was taken from. */
  learned_dataset: string | null;
  learned_line: number | null;
  similarity: number | null;
  latency_ms: number | null;
  /** What is said beside the answer, as JSON; null where it is nothing. */
  notes: string | null;
}

/** How many answers a model has given in a scope, failures not counted. */
export interface ModelAnswersRow {
  scope: string;
  model: string;
  answers: number;
}

export interface CorrectionRow {
  id: string;
  answer: string;
  ordinal: number;
  event: string;
  scope: string;
  channel: string;
  member: string;
  origin: Origin;
  time: string;
  /** As it counts: as it was given, or as it was edited when it was approved. */
  text: string;
  /** What it answers where it is a whole example of its own; as it counts, too. */
  question: string | null;
  /** Who edited it; null where it counts as it was given. */
  editor: string | null;
  status: CorrectionStatus;
}

/** A correction that waits for review now. */
export interface WaitingRow {
  /** The correction's. */
  ordinal: number;
  scope: string;
  answer: string;
  correction: string;
}

/** What somebody said, and the answer to it. */
export interface UtteranceRow {
  scope: string;
  answer: string;
  id: string;
  ordinal: number;
  member: string;
  time: string;
  text: string;
  heard: 'file' | 'channel';
  duration_ms: number;
  sha256: string;
}

export interface FeedbackRow {
  ordinal: number;
  event: string;
  scope: string;
  answer: string | null;
  member: string;
  rating: Rating | null;
  remark: string | null;
  time: string;
}

/** A dataset of one scope; `ordinal`, `actor` and `time` are those of the event that first made it known. */
export interface DatasetRow {
  scope: string;
  id: string;
  ordinal: number;
  event: string;
  channel: string;
  actor: string;
  time: string;
  made: 'selected' | 'built';
  format: DatasetFormat;
  examples: number;
  bytes: number;
  manifest: string;
  /** Of the newest DatasetBuilt, as are the manifest and the details of a built dataset. */
  through: string | null;
  since: string | null;
  /** JSON: DatasetBuilt's `leftOut`, DatasetSelected's `sources`. */
  details: string;
  /** The ordinal of the newest event that made it again: what `last` goes by. */
  last_ordinal: number;
  last_channel: string;
}

export interface DatasetExampleRow {
  scope: string;
  dataset: string;
  /** The dataset's `ordinal`. */
  dataset_ordinal: number;
  line: number;
  /** The ordinal of the event that says so. Other corrections can give the same bytes: the newest event counts. */
  listed: number;
  answer: string;
  correction: string | null;
}

export interface JobRow {
  id: string;
  ordinal: number;
  event: string;
  scope: string;
  channel: string;
  actor: string;
  time: string;
  dataset: string;
  format: DatasetFormat;
  examples: number;
  trainer: string;
  base_model: string;
  /** JSON. */
  hyperparameters: string;
  state: JobState;
  file: string | null;
  reference: string | null;
  step: number;
  total: number;
  loss: number | null;
  model: string | null;
  trained_tokens: number | null;
  /** JSON. */
  cost: string | null;
  reason: string | null;
  ended: string | null;
}

/** A trained model of one scope, from the first job that gave it. */
export interface ModelRow {
  scope: string;
  id: string;
  ordinal: number;
  event: string;
  channel: string;
  time: string;
  job: string;
  dataset: string;
  artifact: string | null;
  /** Of the newest job that gave it: what `last` and "the newest one trained" go by. */
  last_ordinal: number;
  last_channel: string;
}

/** Each event that made a dataset or gave a model, also one that was known before: what `last` goes by. */
export interface MakingRow {
  ordinal: number;
  kind: 'dataset' | 'model';
  scope: string;
  channel: string;
  id: string;
}

/** Every change of the active model; the one with the highest ordinal of a scope says which it is. */
export interface PromotionRow {
  ordinal: number;
  event: string;
  scope: string;
  actor: string;
  time: string;
  change: 'promoted' | 'rolled_back';
  model: string;
  dataset: string | null;
  previous: string;
  reason: string | null;
  evaluation: string | null;
}

export interface EvaluationRow {
  id: string;
  ordinal: number;
  event: string;
  scope: string;
  channel: string;
  actor: string;
  time: string;
  model: string;
  dataset: string | null;
  score: number | null;
  /** JSON: EvaluationRun's `results`. */
  results: string;
  /** JSON: EvaluationRun's `heldOut`. */
  held_out: string | null;
}

/** Everyone who did anything in a scope. */
export interface MemberRow {
  scope: string;
  id: string;
  first_ordinal: number;
  consent: 'consented' | 'withdrawn' | 'erased' | null;
}

/** The policy recorded last in each scope. */
export interface PolicyRow {
  scope: string;
  ordinal: number;
  /** JSON. */
  policy: string;
  /** What it rests on. */
  reference: string | null;
}

/** The settings recorded last in each scope. */
export interface SettingsRow {
  scope: string;
  ordinal: number;
  /** JSON. */
  settings: string;
}

/** The rows as they are stored, to be written quickly; the views that queries read make `Tables` of them. */
export interface StoredTables extends Omit<Tables, 'history' | 'corrections' | 'dataset_examples'> {
  history: Omit<HistoryRow, 'scope' | 'channel' | 'actor'> & {
    scope: number;
    channel: number;
    actor: number;
  };
  texts: TextRow;
  corrections: Omit<CorrectionRow, 'status' | 'editor'> & { given_status: CorrectionStatus };
  verdicts: VerdictRow;
  dataset_examples: Omit<DatasetExampleRow, 'scope' | 'dataset'>;
}

/** A text that is repeated so often that rows hold its number. */
export interface TextRow {
  number: Generated<number>;
  text: string;
}

/** What was decided of a correction later. */
export interface VerdictRow {
  ordinal: number;
  scope: string;
  correction: string;
  status: CorrectionStatus;
  /** Who decided. */
  member: string;
  text: string | null;
  question: string | null;
}
