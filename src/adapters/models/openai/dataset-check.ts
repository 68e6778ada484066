import { setImmediate as letOthersRun } from 'node:timers/promises';
import { type ChatMessage, DpoExample, SftExample } from '../../../domain/examples.ts';
import { splitOf } from '../../../domain/held-out.ts';
import { shorten } from '../../../domain/identifiers.ts';
import type { TrainingOrder, Vault } from '../../../domain/ports.ts';
import { type InWords, Refusal } from '../../../domain/refusal.ts';
import { lineBatchesOf } from '../embedded/lines.ts';
import { type Method, methodOf } from './hyperparameters.ts';
import { loadCounter, tokensOf } from './tokens.ts';

/** What OpenAI documents of files to train on. */
const LEAST_EXAMPLES = 10;
const MAX_MEGABYTES = 512;
const RESERVED =
  /<\|(?:endoftext|endofprompt|startoftext|im_start|im_end|im_sep|fim_prefix|fim_middle|fim_suffix|start|end|message|channel|constrain|return|call)\|>/;

/** As they stand in a manifest that we wrote; in a text within it, the quotes would be escaped. */
const HELD_OUT_MARK = '"split":"validation"';
const FROM_FILES_MARK = '"kind":"selection"';
/** How many examples are counted to estimate the tokens of all; between so many and twice as many. */
const SAMPLES = 256;

/** In their order, without line feeds. */
export interface CheckedLines {
  readonly train: readonly string[];
  readonly heldOut: readonly string[];
}

export interface CheckedDataset {
  readonly trained: number;
  readonly heldOut: number;
  /** Of what is trained on, estimated, in one epoch. */
  readonly estimateTokens: () => Promise<number>;
}

/**
 * Holds a dataset against the server's rules, line by line, before anything of it leaves the house.
 * @param exampleTokens the most that an example may have
 * @param take receives the lines a few at a time
 * @throws Refusal with the line and the reason
 */
export async function checkDataset(
  vault: Vault,
  dataset: TrainingOrder['dataset'],
  exampleTokens: number,
  take: (lines: CheckedLines) => Promise<void> = async () => {},
): Promise<CheckedDataset> {
  const method = methodOf(dataset);
  const name = shorten(dataset.sha256);
  if (dataset.bytes > MAX_MEGABYTES * 2 ** 20) {
    throw new Refusal(({ openai }) => openai.dataset.tooLarge({ dataset: name, megabytes: MAX_MEGABYTES }));
  }
  const isHeldOut = await prepareOrRefuse(name, () => readSplit(vault, dataset));
  const sample = new Sample();
  let heldOut = 0;
  let checked = 0;
  await prepareOrRefuse(name, async () => {
    for await (const texts of lineBatchesOf(vault.read(dataset.sha256))) {
      for (const [index, text] of texts.entries()) {
        const found = problemOf(text, method) ?? lengthProblemOf(text, method, exampleTokens);
        const problem = found instanceof Promise ? await found : found;
        if (problem !== null) throw badLine(name, checked + index + 1, problem);
      }
      const lines = split(texts, checked, isHeldOut);
      for (const text of lines.train) sample.offer(text);
      checked += texts.length;
      heldOut += lines.heldOut.length;
      await take(lines);
      await letOthersRun();
    }
  });
  const trained = checked - heldOut;
  if (trained < LEAST_EXAMPLES) {
    throw new Refusal(({ openai }) =>
      openai.dataset.tooFew({ dataset: name, trained, heldOut, least: LEAST_EXAMPLES }),
    );
  }
  return { trained, heldOut, estimateTokens: () => sample.estimate(method) };
}

/** @param before how many lines stand before these */
function split(texts: readonly string[], before: number, isHeldOut: IsHeldOut): CheckedLines {
  const lines: { readonly train: string[]; readonly heldOut: string[] } = { train: [], heldOut: [] };
  for (const [index, text] of texts.entries()) {
    (isHeldOut(before + index + 1, text) ? lines.heldOut : lines.train).push(text);
  }
  return lines;
}

type IsHeldOut = (line: number, text: string) => boolean;

/**
 * By conversations, as the manifest says; what was taken from files has none, and each line stands for itself. Where
 * nothing would be left to train on, nothing is held out.
 */
async function readSplit(
  vault: Vault,
  { manifest, examples }: Pick<TrainingOrder['dataset'], 'manifest' | 'examples'>,
): Promise<IsHeldOut> {
  const lines = new Set<number>();
  for await (const texts of lineBatchesOf(vault.read(manifest))) {
    for (const text of texts) {
      if (text.includes(FROM_FILES_MARK)) return (_line, example) => splitOf(example) === 'validation';
      if (!text.includes(HELD_OUT_MARK)) continue;
      const number = /"line":(\d+)/.exec(text)?.[1];
      if (number !== undefined) lines.add(Number(number));
    }
    await letOthersRun();
  }
  return lines.size < examples ? (line) => lines.has(line) : () => false;
}

async function prepareOrRefuse<T>(dataset: string, prepare: () => Promise<T>): Promise<T> {
  try {
    return await prepare();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new Refusal(({ openai }) => openai.dataset.unprepared({ dataset, message }));
  }
}

/** What the line says is not repeated: it may be personal, and the reason is kept in the ledger. */
function problemOf(text: string, method: Method): InWords | null {
  try {
    const messages = messagesIn(text, method);
    return text.includes('<|') ? reservedIn(messages) : null;
  } catch {
    return ({ openai }) => openai.dataset.reasons.unreadable;
  }
}

function reservedIn(messages: readonly ChatMessage[]): InWords | null {
  const token = messages
    .map(({ content }) => RESERVED.exec(content)?.[0])
    .find((found) => found !== undefined);
  return token === undefined ? null : ({ openai }) => openai.dataset.reasons.reserved(token);
}

/** No token is shorter than a byte, so most lines need no counting: then the answer is there at once. */
function lengthProblemOf(text: string, method: Method, most: number): null | Promise<InWords | null> {
  if (text.length * 3 <= most || Buffer.byteLength(text) <= most) return null;
  return loadCounter().then((count) => {
    const tokens = tokensOf(messagesIn(text, method), count);
    return tokens <= most ? null : ({ openai }) => openai.dataset.reasons.tooLong({ tokens, most });
  });
}

/** @throws SyntaxError or z.ZodError */
function messagesIn(text: string, method: Method): readonly ChatMessage[] {
  const content: unknown = JSON.parse(text);
  if (method === 'supervised') return SftExample.parse(content).messages;
  const { input, preferred_output, non_preferred_output } = DpoExample.parse(content);
  return [...input.messages, ...preferred_output, ...non_preferred_output];
}

function badLine(dataset: string, line: number, problem: InWords): Refusal {
  return new Refusal((words) => words.openai.dataset.line({ line, dataset, reason: problem(words) }));
}

/** Lines from all over a dataset, evenly spread, to estimate from. */
class Sample {
  #lines: string[] = [];
  #every = 1;
  #offered = 0;
  #length = 0;

  offer(text: string): void {
    this.#length += text.length;
    if (this.#offered++ % this.#every !== 0) return;
    this.#lines.push(text);
    if (this.#lines.length < 2 * SAMPLES) return;
    this.#lines = this.#lines.filter((_, index) => index % 2 === 0);
    this.#every *= 2;
  }

  async estimate(method: Method): Promise<number> {
    const count = await loadCounter();
    let tokens = 0;
    let length = 0;
    for (const text of this.#lines) {
      tokens += tokensOf(messagesIn(text, method), count);
      length += text.length;
      await letOthersRun();
    }
    return length === 0 ? 0 : Math.round((tokens * this.#length) / length);
  }
}
