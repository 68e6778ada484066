import { shorten } from '../domain/identifiers.ts';
import type { Words } from '../domain/languages/languages.ts';
import type { OptionShape, ReferenceKind, Suggestion, SuggestionRequest } from '../domain/surface.ts';
import {
  answersOffered,
  correctionsOffered,
  newestAnswers,
  newestCorrectedBy,
  newestCorrections,
  type Offered,
  oldestWaiting,
} from '../projections/answers.ts';
import { findDataset, listDatasets } from '../projections/datasets.ts';
import { eventsPage, findEvent, matchIds } from '../projections/history.ts';
import { findJob, listJobs } from '../projections/jobs.ts';
import { findModel, listModels } from '../projections/models.ts';
import type { DatasetRow, HistoryRow, JobRow, ModelRow } from '../projections/tables.ts';
import { type Command, wordsOfCommand } from './command.ts';
import { describeJob } from './job-words.ts';
import { trainerNames, USUAL_TRAINER } from './model-providers.ts';
import { describeOptions } from './options.ts';
import type { Services } from './services.ts';
import { shownTime } from './words.ts';

/** As many and as long as menus take. */
const MOST = 25;
const LABEL_UNITS = 100;
/** So many of the newest are looked through for words, which takes as long on any ledger. */
const LOOKED_THROUGH = 500;

export interface SuggestionContext {
  readonly services: Pick<Services, 'readModels' | 'providers'>;
  /** Those of the surface. */
  readonly commands: readonly Command[];
  /** Of whoever types. */
  readonly isTrainer: boolean;
  readonly words: Words;
}

/** What an option of a command could be, the best first. Nothing of another scope. */
export async function suggestions(
  context: SuggestionContext,
  command: Command,
  request: SuggestionRequest,
): Promise<readonly Suggestion[]> {
  const option = describeOptions(command.options).find(({ name }) => name === request.option);
  if (option === undefined) return [];
  const { typed } = request;
  const all = await candidates(context, command, option, request);
  return matching(all, typed)
    .slice(0, MOST)
    .map(({ label, value }) => ({ label: withinLabel(label), value }));
}

async function candidates(
  context: SuggestionContext,
  command: Command,
  { name, shape }: { readonly name: string; readonly shape: OptionShape },
  request: SuggestionRequest,
): Promise<readonly Suggestion[]> {
  const { words, commands } = context;
  switch (shape.kind) {
    case 'reference':
      return references(context, command, shape.of, request);
    case 'choice': {
      const called = wordsOfCommand(words, command.name).options[name]?.choices;
      return shape.choices.map((choice) => ({ label: called?.[choice] ?? choice, value: choice }));
    }
    case 'trainer':
      return [...trainerNames(context.services), USUAL_TRAINER].map((trainer) => {
        const called = wordsOfCommand(words, command.name).options[name]?.choices?.[trainer];
        return { label: called ?? trainer, value: trainer };
      });
    case 'yes or no':
      return [words.lines.yes[0], words.lines.no[0]].flatMap((word) =>
        word === undefined ? [] : [{ label: word, value: word }],
      );
    default:
      return command.name === 'help' && name === 'command' ? commandNames(commands, words) : [];
  }
}

function commandNames(commands: readonly Command[], words: Words): readonly Suggestion[] {
  return commands.map((command) => {
    const { name, summary } = wordsOfCommand(words, command.name);
    return { label: `${name}: ${summary}`, value: name };
  });
}

/** The newest things of a kind, and those whose id begins with what was typed, however old they are. */
async function references(
  context: SuggestionContext,
  command: Command,
  kind: ReferenceKind,
  request: SuggestionRequest,
): Promise<readonly Suggestion[]> {
  const newest = await newestOf(context, command, kind, request);
  if (!LIKE_AN_ID.test(request.typed) || !mayNameAny(context, command, kind)) return newest;
  const { db } = context.services.readModels;
  const ids = await matchIds(db, request.scope, kind, request.typed, MOST);
  const known = new Set(newest.map(({ value }) => value));
  const older = ids.filter((id) => !known.has(id));
  return older.length === 0 ? newest : [...newest, ...(await namedBy(context, kind, request.scope, older))];
}

const LIKE_AN_ID = /^[a-z-]*[0-9a-f][0-9a-f-]*$/;

/** What was asked and corrected elsewhere is shown to trainers only: not everybody may read every channel. */
function mayNameAny({ isTrainer }: SuggestionContext, { name }: Command, kind: ReferenceKind): boolean {
  if (name === 'review' || name === 'withdraw') return false;
  return isTrainer || (kind !== 'answer' && kind !== 'correction');
}

async function newestOf(
  { services, isTrainer, words }: SuggestionContext,
  { name }: Command,
  kind: ReferenceKind,
  { scope, channel, actor }: SuggestionRequest,
): Promise<readonly Suggestion[]> {
  const { db } = services.readModels;
  const limit = LOOKED_THROUGH;
  const page = { before: null, limit };
  const place = { scope, channel: isTrainer ? null : channel, limit };
  switch (kind) {
    case 'answer':
      return name === 'withdraw'
        ? (await newestCorrectedBy(db, { scope, channel, member: actor.id, limit })).map(ofText)
        : (await newestAnswers(db, place)).map(ofText);
    case 'correction':
      return name === 'review'
        ? (await oldestWaiting(db, scope, limit)).map(ofText)
        : (await newestCorrections(db, place)).map(ofText);
    case 'dataset':
      return (await listDatasets(db, scope, page)).map((row) => ofDataset(row, words));
    case 'job':
      return (await listJobs(db, scope, page)).map((row) => ofJob(row, words));
    case 'model':
      return (await listModels(db, scope, page)).map((row) => ofModel(row, words));
    case 'event':
      return (await eventsPage(db, { scope, before: null, limit })).map(ofEvent);
  }
}

async function namedBy(
  { services, words }: SuggestionContext,
  kind: ReferenceKind,
  scope: string,
  ids: readonly string[],
): Promise<readonly Suggestion[]> {
  const { db } = services.readModels;
  const each = async <Row>(
    find: (id: string) => Promise<Row | undefined>,
    suggest: (row: Row) => Suggestion,
  ): Promise<readonly Suggestion[]> => {
    const rows = await Promise.all(ids.map(find));
    return rows.flatMap((row) => (row === undefined ? [] : [suggest(row)]));
  };
  switch (kind) {
    case 'answer':
      return (await answersOffered(db, scope, ids)).map(ofText);
    case 'correction':
      return (await correctionsOffered(db, scope, ids)).map(ofText);
    case 'dataset':
      return each(
        (id) => findDataset(db, scope, id),
        (row) => ofDataset(row, words),
      );
    case 'job':
      return each(
        (id) => findJob(db, scope, id),
        (row) => ofJob(row, words),
      );
    case 'model':
      return each(
        (id) => findModel(db, scope, id),
        (row) => ofModel(row, words),
      );
    case 'event':
      return each((id) => findEvent(db, scope, id), ofEvent);
  }
}

/** Cut where it is shown: taking characters apart would take long for hundreds of texts. */
function ofText({ id, excerpt: text }: Offered): Suggestion {
  return { label: `${shorten(id)} ${text.trim().replace(/\s+/g, ' ')}`, value: id };
}

function ofDataset({ id, examples, format, made, actor, time }: DatasetRow, words: Words): Suggestion {
  const listed = { dataset: shorten(id), examples, format, made, who: actor, when: shownTime(time) };
  return { label: words.datasets.listed(listed), value: id };
}

function ofJob(row: JobRow, words: Words): Suggestion {
  return { label: describeJob(row, words), value: row.id };
}

function ofModel({ id, job, dataset, time }: ModelRow, words: Words): Suggestion {
  const trained = { model: shorten(id), job: shorten(job), dataset: shorten(dataset), when: shownTime(time) };
  return { label: words.models.trained(trained), value: id };
}

function ofEvent({ event, type, actor }: HistoryRow): Suggestion {
  return { label: `${shorten(event)} ${type}, ${actor}`, value: event };
}

/** Those that begin with what was typed, then those that hold all of its words; all where nothing was typed. */
function matching(all: readonly Suggestion[], typed: string): readonly Suggestion[] {
  const sought = typed.trim().toLowerCase();
  if (sought === '') return all;
  const words = sought.split(/\s+/);
  const begin = all.filter((one) => begins(one, sought));
  const hold = all.filter((one) => {
    const label = one.label.toLowerCase();
    return !begins(one, sought) && words.every((word) => label.includes(word));
  });
  return [...begin, ...hold];
}

function begins({ label, value }: Suggestion, sought: string): boolean {
  return value.toLowerCase().startsWith(sought) || label.toLowerCase().startsWith(sought);
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Not cut within a character. */
function withinLabel(label: string): string {
  if (label.length <= LABEL_UNITS) return label;
  let shown = '';
  for (const { segment } of graphemes.segment(label.slice(0, LABEL_UNITS * 2))) {
    if (shown.length + segment.length >= LABEL_UNITS) break;
    shown += segment;
  }
  return `${shown}…`;
}
