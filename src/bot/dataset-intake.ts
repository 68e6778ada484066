import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { EventData } from '../domain/events.ts';
import {
  convertExample,
  type DatasetFormat,
  datasetLine,
  isLongerThan,
  type TrainingExample,
} from '../domain/examples.ts';
import { languages, type Words } from '../domain/languages/languages.ts';
import { MAX_EVENT_BYTES } from '../domain/ledger.ts';
import type { Policy } from '../domain/policy.ts';
import type { ExampleReader, SourceFile, Vault } from '../domain/ports.ts';
import { type InWords, Refusal } from '../domain/refusal.ts';
import { SourceStretches } from './source-stretches.ts';
import { encodeLines } from './stored-lines.ts';

export interface IntakeOptions {
  /** False marks the examples as undesirable: they serve dpo and kto, never sft. */
  readonly positive: boolean;
  readonly skipInvalid: boolean;
}

/** What is wanted, and what the policy permits. */
export type IntakeTerms = IntakeOptions & Pick<Policy, 'maxExampleBytes'>;

export interface Problem {
  readonly path: string;
  readonly line: number;
  /** As it goes on from "line 7: ". */
  readonly reason: InWords;
}

export interface Intake {
  readonly selected: EventData<'DatasetSelected'>;
  /** What was skipped, at most MAX_LISTED_PROBLEMS of it. */
  readonly skipped: readonly Problem[];
}

/** Bad lines, each with its reason; nothing was taken. */
export class InvalidTrainingData extends Refusal {
  readonly problems: readonly Problem[];

  constructor(sentence: InWords, problems: readonly Problem[]) {
    super(sentence);
    this.problems = problems;
  }
}

const MAX_LISTED_PROBLEMS = 10_000;
const MAX_SHOWN_PROBLEMS = 100;
/** All sources stand in one event, and this is room enough for the rest of it. */
const MAX_SOURCES_BYTES = MAX_EVENT_BYTES - 16 * 1024;

/**
 * Files of training data become one dataset in the vault, a canonical line an example, in the order of the files.
 * @throws InvalidTrainingData where lines are bad and are not to be skipped; then nothing is stored
 * @throws Refusal where there is no example, or where there are more files than an event can name
 */
export async function takeIn(
  { vault, exampleReader }: { readonly vault: Vault; readonly exampleReader: ExampleReader },
  files: readonly SourceFile[],
  terms: IntakeTerms,
): Promise<Intake> {
  checkSources(files);
  const stretches = new SourceStretches(vault);
  const intake = new RunningIntake(exampleReader, files, terms, stretches);
  try {
    return await stored(vault, intake, terms);
  } finally {
    await stretches.discard();
  }
}

async function stored(vault: Vault, intake: RunningIntake, terms: IntakeTerms): Promise<Intake> {
  const file = await vault.put(encodeLines(intake.lines()));
  const manifest = await vault.put(intake.manifest());
  return {
    selected: {
      dataset: file.sha256,
      format: intake.format,
      examples: intake.examples,
      bytes: file.bytes,
      manifest: manifest.sha256,
      positive: terms.positive,
      sources: intake.sources,
      skipped: intake.skipped,
    },
    skipped: intake.problems,
  };
}

function checkSources(files: readonly SourceFile[]): void {
  // Sizes are not known before the end, so each number is taken to be as long as it can be.
  const [bytes, examples] = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  const sha256 = '0'.repeat(64);
  let size = 0;
  for (const [index, { path }] of files.entries()) {
    size += Buffer.byteLength(JSON.stringify({ path, bytes, sha256, examples })) + 1;
    if (size > MAX_SOURCES_BYTES) {
      throw new Refusal(({ intake }) => intake.tooManyFiles({ count: files.length, most: index }));
    }
  }
}

class RunningIntake {
  readonly #reader: ExampleReader;
  readonly #files: readonly SourceFile[];
  readonly #terms: IntakeTerms;
  readonly #stretches: SourceStretches;
  readonly sources: EventData<'DatasetSelected'>['sources'] = [];
  readonly problems: Problem[] = [];
  #format: DatasetFormat | undefined;
  examples = 0;
  skipped = 0;

  constructor(
    reader: ExampleReader,
    files: readonly SourceFile[],
    terms: IntakeTerms,
    stretches: SourceStretches,
  ) {
    this.#reader = reader;
    this.#files = files;
    this.#terms = terms;
    this.#stretches = stretches;
  }

  get format(): DatasetFormat {
    return this.#format ?? 'sft';
  }

  /** The dataset's lines. Throws at their end where they are not to be kept. */
  async *lines(): AsyncGenerator<string> {
    for (const file of this.#files) yield* this.#linesOf(file);
    if (this.skipped > 0 && !this.#terms.skipInvalid) throw this.#invalid();
    if (this.examples === 0) {
      const paths = this.#files.map(({ path }) => path);
      throw new Refusal(({ intake }) => intake.noExample(paths));
    }
  }

  /** Where each line comes from and what was skipped. */
  async *manifest(): AsyncGenerator<Uint8Array> {
    const { positive } = this.#terms;
    const selection = { kind: 'selection', format: this.format, positive, sources: this.sources };
    yield Buffer.from(`${canonicalize(selection)}\n`);
    yield* this.#stretches.encoded();
    yield* encodeLines(this.#skippedLines());
  }

  *#skippedLines(): Generator<string> {
    for (const problem of this.problems) {
      yield `${canonicalize({ kind: 'skipped', ...problem, reason: problem.reason(languages.en) })}\n`;
    }
  }

  async *#linesOf(file: SourceFile): AsyncGenerator<string> {
    const { path } = file;
    const hash = createHash('sha256');
    const before = this.examples;
    let bytes = 0;
    const counted: SourceFile = {
      path,
      bytes: file.bytes,
      read: async function* () {
        for await (const chunk of file.read()) {
          hash.update(chunk);
          bytes += chunk.length;
          yield chunk;
        }
      },
    };
    for await (const read of this.#reader.read(counted)) {
      const text = 'example' in read ? this.#lineOf(read.example) : read.reason;
      if (typeof text === 'function') {
        this.#report({ path, line: read.line, reason: text });
      } else {
        this.examples++;
        this.#stretches.add(this.examples, path, read.line);
        yield text;
        await this.#stretches.putAway();
      }
    }
    this.sources.push({ path, bytes, sha256: hash.digest('hex'), examples: this.examples - before });
  }

  /** The line of the example in this dataset, or why it does not take it. */
  #lineOf(example: TrainingExample): string | InWords {
    const { positive, maxExampleBytes } = this.#terms;
    const marked = positive ? example : undesirable(example);
    if (typeof marked === 'function') return marked;
    const line = datasetLine(marked);
    if (isLongerThan(maxExampleBytes, line)) return longerThan(maxExampleBytes, line);
    this.#format ??= marked.format;
    return marked.format === this.#format ? line : ofOtherFormat(marked.format, this.#format);
  }

  #report(problem: Problem): void {
    this.skipped++;
    if (this.problems.length < MAX_LISTED_PROBLEMS) this.problems.push(problem);
  }

  #invalid(): InvalidTrainingData {
    const { problems, skipped } = this;
    return new InvalidTrainingData((words) => describeProblems(problems, skipped, words), problems);
  }
}

/** @param count how many there are, of which `problems` may be only the first */
function describeProblems(problems: readonly Problem[], count: number, words: Words): string {
  const { intake } = words;
  const shown = problems.slice(0, MAX_SHOWN_PROBLEMS).map((problem) => describeProblem(problem, words));
  const [first] = shown;
  if (count === 1 && first !== undefined) return intake.oneBad(first);
  const more = count - shown.length;
  return [intake.manyBad(count), ...shown, ...(more > 0 ? [intake.more(more)] : [])].join('\n');
}

/** Where it is and what is wrong. */
export function describeProblem({ path, line, reason }: Problem, words: Words): string {
  return words.intake.problem({ path, line, reason: reason(words) });
}

function longerThan(most: number, line: string): InWords {
  const bytes = Buffer.byteLength(line);
  return ({ intake }) => intake.line.tooLong({ bytes, most });
}

function ofOtherFormat(is: DatasetFormat, among: DatasetFormat): InWords {
  return ({ intake }) => intake.line.otherFormat({ is, among });
}

function undesirable(example: TrainingExample): TrainingExample | InWords {
  const { format } = example;
  if (format !== 'sft') return ({ intake }) => intake.line.saysItself(format);
  return markedBad(example) ?? (({ intake }) => intake.line.noQuestion);
}

function markedBad(example: TrainingExample): TrainingExample | undefined {
  const [marked] = convertExample(example, 'kto');
  return marked?.format === 'kto' ? { ...marked, label: false } : undefined;
}
