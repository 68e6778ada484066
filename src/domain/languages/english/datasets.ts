import { counted } from './counted.ts';

export type Origin = 'message' | 'interaction' | 'upload' | 'voice' | 'console' | 'file';
type Made = 'built' | 'selected';

interface Taken {
  readonly dataset: string;
  readonly examples: number;
  readonly format: string;
  readonly sha256: string;
  readonly prefix: string;
}

/** Datasets: what they hold, where it comes from and how they differ. Ids, sizes and times come as they are to be shown. */
export const datasets = {
  none: (prefix: string) => `There is no dataset yet; ${prefix}retrain builds one.`,
  unknown: (dataset: string) => `The dataset ${dataset} is not known here; !datasets lists them.`,
  listed: ({
    dataset,
    examples,
    format,
    made,
    who,
    when,
  }: {
    dataset: string;
    examples: number;
    format: string;
    made: Made;
    who: string;
    when: string;
  }) => `dataset ${dataset}: ${counted(examples, 'example')} (${format}), ${made} by ${who} at ${when}`,
  heading: ({
    dataset,
    examples,
    format,
    size,
    sha256,
    made,
    who,
    when,
  }: {
    dataset: string;
    examples: number;
    format: string;
    size: string;
    sha256: string;
    made: Made;
    who: string;
    when: string;
  }) =>
    `Dataset ${dataset}: ${counted(examples, 'example')} (${format}, ${size}, SHA-256 ${sha256}), ${made} by ${who} at ${when}.`,
  /** @param next the first line that is not shown */
  more: ({ next, after }: { next: number; after: number }) => `… line ${next} and on with after=${after}`,
  line: ({ number, example, source }: { number: number; example: string; source: string }) =>
    `${number}. ${example} (${source})`,
  sources: {
    unknown: 'of unknown source',
    file: ({ path, line }: { path: string; line: number }) => `${path}, line ${line}`,
    ratings: ({ answer, members }: { answer: string; members: readonly string[] }) =>
      `ratings of answer ${answer}, by ${members.join(' and ')}`,
    correction: ({
      correction,
      answer,
      members,
    }: {
      correction: string;
      answer: string;
      members: readonly string[];
    }) => `correction ${correction} of answer ${answer}, by ${members.join(' and ')}`,
  },
  /** What is said of an answer to the question of an example. */
  wanted: (answer: string) => `→ ${answer}`,
  unwanted: (answer: string) => `not → ${answer}`,
  fromFile: ({ path, examples }: { path: string; examples: number }) =>
    `from ${path}: ${counted(examples, 'example')}`,
  fromMember: ({ member, examples }: { member: string; examples: number }) => `from ${member}: ${examples}`,
  notFromLedger: (dataset: string) =>
    `Dataset ${dataset} was taken from files, so it cannot be built again from the ledger.`,
  comesOutDifferent: ({ dataset, again }: { dataset: string; again: string }) =>
    `Dataset ${dataset} comes out as ${again} when it is built again from the ledger.`,
  comesOutSame: 'Built again from the ledger: every byte is the same.',
  compared: ({
    from,
    to,
    added,
    removed,
    common,
  }: {
    from: string;
    to: string;
    added: number;
    removed: number;
    common: number;
  }) => `From dataset ${from} to ${to}: ${added} added, ${removed} gone, ${common} the same.`,
  difference: ({ sign, example, why }: { sign: string; example: string; why: string }) =>
    `${sign} ${example} (${why})`,
  moreDifferences: ({ sign, count }: { sign: string; count: number }) => `${sign} … and ${count} more`,
  /** Why an example is in one dataset and not in the other. */
  absent: {
    notAmongSources: (dataset: string) => `not among the sources of dataset ${dataset}`,
    leftOut: ({ dataset, reason }: { dataset: string; reason: string }) =>
      `left out of dataset ${dataset}: ${reason}`,
    otherCounts: ({ dataset, correction }: { dataset: string; correction: string }) =>
      `in dataset ${dataset} the correction ${correction} of the same answer counts`,
    notYetGiven: (dataset: string) => `not yet given when dataset ${dataset} was built`,
    otherForm: (dataset: string) => `dataset ${dataset} says it in another form`,
  },
  nothingAs: ({
    examples,
    format,
    dataset,
    own,
  }: {
    examples: number;
    format: string;
    dataset: string;
    own: string;
  }) =>
    `None of the ${counted(examples, 'example')} says anything as ${format}; export dataset ${dataset} as ${own}.`,
  taken: ({ dataset, examples, format, sha256, prefix }: Taken) =>
    `Dataset ${dataset} holds ${counted(examples, 'example')} (${format}, SHA-256 ${sha256}). ${prefix}train dataset=${dataset} trains on it.`,
  skipped: (count: number) => `${counted(count, 'bad line was', 'bad lines were')} skipped:`,
  originNotPermitted: (origin: Origin) =>
    `The policy here does not permit training on texts of origin “${origin}”; send them as a file.`,
  dryRun: ({ format, examples }: { format: string; examples: number }) =>
    `${format === 'sft' ? 'An' : 'A'} ${format} dataset would hold ${counted(examples, 'example')}; nothing was built.`,
  /** @param leftOut what was left out, a reason each */
  nothingToTrainOn: ({ format, leftOut }: { format: string; leftOut: readonly string[] }) => {
    const how =
      format === 'kto'
        ? 'rate answers with !feedback last + or -'
        : 'correct answers with !correct last <text>';
    return `There is nothing to train on yet; ${how}${leftOut.length === 0 ? '.' : ` (${leftOut.join('; ')}).`}`;
  },
  sayWhat:
    'Say what to train on, and just one thing: dataset=ID, data=…, data_dir=PATH, or a file; see !help train.',
  staysAsTakenIn:
    'A dataset that is in the store stays as it was taken in; say positive and skip_invalid with the data or the file.',
};
