import { setImmediate as letOthersRun } from 'node:timers/promises';
import { type ChatMessage, DpoExample, SftExample } from '../../../domain/examples.ts';
import { shorten } from '../../../domain/identifiers.ts';
import type { TrainingOrder, Vault } from '../../../domain/ports.ts';
import { type InWords, Refusal } from '../../../domain/refusal.ts';
import { linesOf } from '../embedded/lines.ts';
import { type Method, methodOf } from './hyperparameters.ts';
import { loadCounter, tokensOf } from './tokens.ts';

/** What OpenAI documents of files to train on. */
const LEAST_EXAMPLES = 10;
const MAX_MEGABYTES = 512;
const RESERVED =
  /<\|(?:endoftext|endofprompt|startoftext|im_start|im_end|im_sep|fim_prefix|fim_middle|fim_suffix|start|end|message|channel|constrain|return|call)\|>/;

/** As it stands in a manifest that we wrote; in a text within it, the quotes would be escaped. */
const HELD_OUT_MARK = '"split":"validation"';
const LINES_AT_ONCE = 500;
/** How many examples are counted to estimate the tokens of all; between so many and twice as many. */
const SAMPLES = 256;

export interface CheckedLine {
  readonly text: string;
  readonly heldOut: boolean;
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
 * @param take receives each line in order, and may slow the reading down
 * @throws Refusal with the line and the reason
 */
export async function checkDataset(
  vault: Vault,
  dataset: TrainingOrder['dataset'],
  exampleTokens: number,
  take: (line: CheckedLine) => Promise<void> | undefined = () => undefined,
): Promise<CheckedDataset> {
  const method = methodOf(dataset);
  const name = shorten(dataset.sha256);
  if (dataset.bytes > MAX_MEGABYTES * 2 ** 20) {
    throw new Refusal(({ openai }) => openai.dataset.tooLarge({ dataset: name, megabytes: MAX_MEGABYTES }));
  }
  const heldOutLines = await readOrRefuse(name, () => findHeldOut(vault, dataset.manifest));
  const sample = new Sample();
  let heldOut = 0;
  let line = 0;
  await readOrRefuse(name, async () => {
    for await (const text of linesOf(vault.read(dataset.sha256))) {
      line++;
      const problem = await problemOf(text, method, exampleTokens);
      if (problem !== null) throw badLine(name, line, problem);
      const isHeldOut = heldOutLines.has(line);
      if (isHeldOut) heldOut++;
      else sample.offer(text);
      await take({ text, heldOut: isHeldOut });
      if (line % LINES_AT_ONCE === 0) await letOthersRun();
    }
  });
  const trained = line - heldOut;
  if (trained < LEAST_EXAMPLES) {
    throw new Refusal(({ openai }) =>
      openai.dataset.tooFew({ dataset: name, trained, heldOut, least: LEAST_EXAMPLES }),
    );
  }
  return { trained, heldOut, estimateTokens: () => sample.estimate(method) };
}

/** The numbers of the lines that the manifest keeps for validation. */
async function findHeldOut(vault: Vault, manifest: string): Promise<ReadonlySet<number>> {
  const lines = new Set<number>();
  for await (const text of linesOf(vault.read(manifest))) {
    const number = text.includes(HELD_OUT_MARK) ? Number(/"line":(\d+)/.exec(text)?.[1]) : Number.NaN;
    if (Number.isInteger(number)) lines.add(number);
  }
  return lines;
}

async function readOrRefuse<T>(dataset: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new Refusal(({ openai }) => openai.dataset.unreadable({ dataset, message }));
  }
}

async function problemOf(text: string, method: Method, most: number): Promise<InWords | null> {
  let messages: readonly ChatMessage[];
  try {
    messages = messagesIn(text, method);
  } catch (error) {
    const message = error instanceof SyntaxError ? error.message : 'its form is not the right one';
    return ({ openai }) => openai.dataset.reasons.unreadable(message);
  }
  if (text.includes('<|')) {
    const token = messages
      .map(({ content }) => RESERVED.exec(content)?.[0])
      .find((found) => found !== undefined);
    if (token !== undefined) return ({ openai }) => openai.dataset.reasons.reserved(token);
  }
  // No token is shorter than a byte, so most lines need no counting.
  if (text.length * 3 <= most || Buffer.byteLength(text) <= most) return null;
  const tokens = tokensOf(messages, await loadCounter());
  return tokens <= most ? null : ({ openai }) => openai.dataset.reasons.tooLong({ tokens, most });
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
