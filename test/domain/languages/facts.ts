import type { Words } from '../../../src/domain/languages/languages.ts';
import { dropReasons, voiceReasons } from '../../../src/domain/voice.ts';

/** A sentence of a language, or what makes one of facts, by where it stands: `events.jobStarted`. */
export type Entry = string | ((...facts: never[]) => string);

/** Every entry of a language, but for the commands' own names and summaries, and what people may type. */
export function entriesOf({ commands: _, ...words }: Words): Map<string, Entry> {
  return new Map([...below('', words)].filter(([path]) => !/^lines\.(?:yes|no)\./.test(path)));
}

function* below(path: string, node: unknown): Generator<[string, Entry]> {
  if (typeof node === 'string') yield [path, node];
  else if (isEntry(node)) yield [path, node];
  else if (typeof node === 'object' && node !== null) {
    for (const [key, value] of Object.entries(node))
      yield* below(path === '' ? key : `${path}.${key}`, value);
  }
}

function isEntry(node: unknown): node is (...facts: never[]) => string {
  return typeof node === 'function';
}

/** Of facts, for the names that count something; all others are text. */
const NUMBERS = new Set(
  `added asked bytes characters column common corrections count element events examples feedback fields files header
  heldOut hours judged least limit line mebibytes megabytes more most next number others replies questions removed right seconds sounds step
  tokens total trained unanswered utterances window`.split(/\s+/),
);
const COUNTS = [0, 1, 2, 5, 11, 21, 1_234];

const kinds = ['null', 'list', 'true', 'false', 'text', 'object', 'number'];
const things = ['answer', 'correction', 'dataset', 'job', 'model', 'evaluation', 'member', 'event'];
const sought = ['file', 'directory', 'file or directory'];
const unwritten = [
  { kind: 'file', path: 'path7' },
  { kind: 'archive', path: 'path7' },
  { kind: 'content' },
  { kind: 'folder' },
];
const origins = ['message', 'interaction', 'upload', 'voice', 'console', 'file'];
const each = <Value>(values: readonly Value[], facts: (value: Value) => unknown): unknown[][] =>
  values.map((value) => [facts(value)]);
const located = { path: 'path7', place: 'place7', elsewhere: 'elsewhere7' };
const compared = { evaluation: 'evaluation7', model: 'model7', score: 'score7', dataset: 'dataset7' };
const dataset = {
  dataset: 'dataset7',
  examples: 2,
  format: 'sft',
  size: 'size7',
  sha256: 'sha256-7',
  who: 'who7',
  when: 'when7',
};

/** The facts of entries where a name does not say enough. */
const facts: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'bot.noCommand': each(['nearest7', null], (nearest) => ({ shown: 'shown7', nearest, prefix: '!' })),
  'complaints.notOneOf': [[['a7']], [['a7', 'b7', 'c7']]],
  'complaints.ofSchema': [],
  'settings.noTrainer': [[{ trainer: 'trainer7', known: ['a7', 'b7'] }]],
  'trainers.notInDirectMessages': each([[], ['a7', 'b7']], (free) => ({ trainer: 'trainer7', free })),
  'trainers.chosenIsNotSetUp': [[{ trainer: 'trainer7', known: ['a7', 'b7'] }]],
  'datasets.heading': each(['built', 'selected'], (made) => ({ ...dataset, made })),
  'datasets.listed': each(['built', 'selected'], (made) => ({ ...dataset, made })),
  'datasets.nothingToTrainOn': [
    [{ format: 'kto', leftOut: [] }],
    [{ format: 'sft', leftOut: ['reason7', 'other7'] }],
  ],
  'datasets.originNotPermitted': origins.map((origin) => [origin]),
  'datasets.sources.correction': [
    [{ correction: 'correction7', answer: 'answer7', members: ['ada7', 'bob7'] }],
  ],
  'datasets.sources.ratings': [[{ answer: 'answer7', members: ['ada7', 'bob7'] }]],
  'discord.training.left': ['seconds', 'minutes', 'hours'].flatMap((unit) =>
    each(COUNTS, (count) => ({ count, unit })),
  ),
  'events.corrected': [
    [{ answer: 'answer7', text: 'text7', question: null, correction: 'correction7', awaitsReview: false }],
    [{ answer: 'answer7', text: 'text7', question: 'q7', correction: 'correction7', awaitsReview: true }],
  ],
  'events.feedback': [
    [{ answer: null, rating: 'up', remark: 'remark7' }],
    [{ answer: 'answer7', rating: 'down', remark: null }],
    [{ answer: 'answer7', rating: null, remark: 'remark7' }],
  ],
  'events.policy': [[[]], [origins]],
  'events.rejected': each(['reason7', null], (reason) => ({ answer: 'a7', correction: 'c7', reason })),
  'events.promoted': each([null, '7'], (given) => ({
    model: 'm7',
    previous: 'p7',
    reason: given && 'reason7',
    evaluation: given && 'evaluation7',
  })),
  'evaluations.compared': [null, { model: 'active7', score: 'activeScore7' }].flatMap((active) =>
    each(COUNTS, (examples) => ({ ...compared, asked: Math.min(examples, 7), examples, active })),
  ),
  'evaluations.share': [],
  'events.rolledBack': each(['reason7', null], (reason) => ({ model: 'm7', previous: 'p7', reason })),
  'examples.field.wrongType': kinds.flatMap((is) =>
    ['text', 'yes or no', 'messages', 'object'].map((must) => [{ field: 'field7', is, must }]),
  ),
  'examples.field.wrongValue': [
    [{ field: 'field7', is: { text: '"robot7"' }, may: ['system7', 'user7'] }],
    ...kinds.map((kind) => [{ field: 'field7', is: { kind }, may: ['system7'] }]),
  ],
  'examples.noFields': kinds.map((kind) => [kind]),
  'feedback.recorded': [['up'], ['down'], ['remark']],
  'feedback.recordedOn': ['up', 'down', 'remark'].flatMap((kind) =>
    each([true, false], (isNew) => ({ kind, answer: 'answer7', isNew })),
  ),
  'help.what': each(['everyone', 'trainer', 'manager'], (who) => ({
    command: 'command7',
    summary: 'summary7',
    who,
  })),
  'intake.noExample': [[['path7']], [['path7', 'other7']]],
  'jobs.cannotTrainOn': [[{ trainer: 'trainer7', format: 'kto', formats: ['sft', 'dpo'] }]],
  'jobs.notices.progressed': each([null, 0.7], (loss) => ({ job: 'job7', step: 7, total: 70, loss })),
  'jobs.outcomes.running': each([null, 0.7], (loss) => ({ step: 7, total: 70, loss })),
  'jobs.outcomes.succeeded': [
    [{ model: 'model7', loss: null, cost: null }],
    [{ model: 'model7', loss: 0.7, cost: 'cost7' }],
  ],
  'jobs.estimate': each([null, 'cost7'], (cost) => ({
    trainer: 'trainer7',
    baseModel: 'model7',
    method: 'method7',
    trained: 7,
    heldOut: cost === null ? 0 : 7,
    epochs: 7,
    tokens: 70,
    cost,
  })),
  'lines.jsonProblem': [[{ code: 'CommaExpected', line: 7, column: 70 }]],
  'openai.answering.answerFlagged': [[['hate7']], [['hate7', 'violence7']]],
  'openai.answering.questionFlagged': [[['hate7']], [['hate7', 'violence7']]],
  'openai.faults.broken': each([500, null], (status) => ({ host: 'host7', status })),
  'openai.faults.busy': each([null, ...COUNTS], (seconds) => ({ host: 'host7', seconds })),
  'openai.faults.unreachable': each(['code7', null], (code) => ({ host: 'host7', code })),
  'openai.hyperparameters.unknown': [[{ name: 'name7', known: ['epochs7', 'seed7'] }]],
  'openai.notes.contextCut': COUNTS.slice(1).map((messages) => [messages]),
  'openai.training.silent': ['ended', 'may go on'].flatMap((left) =>
    each(COUNTS, (hours) => ({ host: 'host7', job: 'job7', hours, status: 'status7', left })),
  ),
  'policy.leftOut': [[['origin7']], [['origin7', 'other7']]],
  'policy.needsConsent': [[{ origins: ['origin7', 'other7'], prefix: '!' }]],
  'policy.taken': [[[]], [['origin7', 'other7']]],
  'provenance.answer': [
    [
      {
        answer: 'answer7',
        model: 'model7',
        question: 'question7',
        response: { said: 'said7' },
        learnedFrom: { line: 7, dataset: 'dataset7', similarity: '0.97' },
      },
    ],
    [
      {
        answer: 'answer7',
        model: 'model7',
        question: 'question7',
        response: { failure: 'failure7' },
        learnedFrom: null,
      },
    ],
  ],
  'provenance.correction': ['standing', 'awaiting_review', 'rejected', 'withdrawn'].flatMap((status) =>
    each([null, '7'], (number) => ({
      correction: 'correction7',
      answer: 'answer7',
      text: 'text7',
      question: number === null ? null : `question${number}`,
      editor: number === null ? null : `editor${number}`,
      status,
    })),
  ),
  'provenance.dataset': each(['built', 'selected'], (made) => ({ ...dataset, made })),
  'provenance.feedback': [
    [{ answer: 'answer7', rating: 'up' }],
    [{ answer: 'answer7', rating: 'down' }],
    [{ answer: 'answer7', remark: 'remark7' }],
    [{ answer: null, remark: 'remark7' }],
  ],
  'provenance.evaluation': [
    ...each(['score7', null], (score) => ({ ...compared, score, heldOut: null })),
    ...each(COUNTS, (examples) => ({
      ...compared,
      heldOut: {
        examples,
        dataset: 'dataset7',
        score: 'nearness7',
        active: 'active7',
        activeScore: 'activeScore7',
      },
    })),
  ],
  'provenance.line': [
    [{ what: 'what7', who: 'who7', when: 'when7' }],
    [{ what: 'what7', who: null, when: null }],
  ],
  'provenance.more': ['examples', 'datasets', 'answers', 'ratings and remarks'].flatMap((of) =>
    each(COUNTS, (count) => ({ count, of })),
  ),
  'provenance.promotion': ['promoted', 'rolled_back'].flatMap((change) =>
    [
      { reason: 'reason7', evaluation: 'evaluation7' },
      { reason: null, evaluation: null },
    ].map((why) => [{ change, model: 'model7', previous: 'previous7', ...why }]),
  ),
  'references.ambiguous': [
    [
      {
        reference: 'a7',
        matches: [
          { kind: null, id: 'a71' },
          { kind: null, id: 'a72' },
        ],
      },
    ],
    [{ reference: 'a7', matches: things.map((kind) => ({ kind, id: `${kind}7` })) }],
  ],
  'references.noneYet': things.map((kind) => [kind]),
  'references.unknown': each(things, (kind) => ({ kind, reference: 'reference7', list: 'list7' })),
  'refusals.job.ended': each(['succeeded', 'failed', 'cancelled'], (as) => ({ job: 'job7', as })),
  'events.voiceJoined': voiceReasons.map((reason) => [{ channel: 'channel7', reason }]),
  'events.voiceLeft': voiceReasons.map((reason) => [{ channel: 'channel7', reason }]),
  'events.droppedReply': dropReasons.map((reason) => [{ answer: 'answer7', channel: 'channel7', reason }]),
  'events.said': each([true, false], (isCut) => ({
    text: 'text7',
    heard: isCut ? 'file' : 'channel',
    seconds: '1.7',
    isCut,
    answer: isCut ? null : 'answer7',
  })),
  'events.heardReply': each([true, false], (wasSkipped) => ({
    answer: 'answer7',
    channel: 'channel7',
    seconds: '1.7',
    wasSkipped,
  })),
  'provenance.utterance': each(['file', 'channel'], (heard) => ({
    text: 'text7',
    heard,
    seconds: '1.7',
    sha256: 'sha256-7',
  })),
  'voice.listening.heard': [[['member7']], [['member7', 'other7']]],
  'voice.listening.unheard': [[{ members: ['member7', 'other7'], prefix: '!' }]],
  'settings.channels': [[[]], [['channel7', 'other7']]],
  'settings.trainers': [[[]], [['role7', 'other7']]],
  'workspace.archiveUnlike': each(['why7', null], (why) => ({ path: 'path7', why })),
  'workspace.missing.anywhere': each(sought, (what) => ({ ...located, sought: what })),
  'workspace.missing.elsewhere': each(sought, (what) => ({ ...located, sought: what })),
  'workspace.missing.inFolder': each(sought, (what) => ({ ...located, sought: what })),
  'workspace.unwritten.forbidden': each(unwritten, (what) => ({ what, code: 'code7' })),
  'workspace.unwritten.full': unwritten.map((what) => [what]),
  'workspace.unwritten.nameTooLong': unwritten.map((what) => [what]),
};

/** Facts for an entry, several times where numbers are among them: as it names them, where nothing else is said. */
export function factsFor(path: string, entry: Exclude<Entry, string>): readonly (readonly unknown[])[] {
  const given = facts[path];
  if (given !== undefined) return given;
  const [, together, apart] = /^\(?\s*(?:\{([^}]*)\}|([^)=]*))/.exec(entry.toString()) ?? [];
  const names = (together ?? apart ?? '').split(',').map((name) => name.trim().replace(/:.*/s, ''));
  const known = names.filter((name) => name !== '');
  const counts = known.some((name) => NUMBERS.has(name)) ? COUNTS : [1];
  return counts.map((count) => {
    const values = known.map((name) => (NUMBERS.has(name) ? count : `${name}7`));
    return together === undefined
      ? values
      : [Object.fromEntries(known.map((name, at) => [name, values[at]]))];
  });
}
