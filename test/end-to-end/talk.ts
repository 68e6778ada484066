import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { type Ended, Program, ProgramHere } from '../program.ts';

// Processes take their time to start while others use the machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const Reply = z.strictObject({
  command: z.string(),
  ok: z.boolean(),
  text: z.string(),
  data: z.record(z.string(), z.unknown()),
  files: z.array(z.strictObject({ path: z.string(), bytes: z.number(), sha256: z.string() })),
});
export type Reply = z.infer<typeof Reply>;

const Notice = z.strictObject({
  notice: z.literal('job'),
  data: z.strictObject({
    job: z.string(),
    state: z.enum(['requested', 'running', 'succeeded', 'failed', 'cancelled']),
    progress: z.number().min(0).max(1),
    model: z.string().nullable(),
  }),
});
export type Notice = z.infer<typeof Notice>;

/** A fresh directory that is taken away when the test has ended. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'training-ledger-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export interface TalkOptions {
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What answers each line that it is sent with one line, and writes notices in between. */
interface Answering {
  readonly ended: Promise<Ended>;
  readonly stderr: string;
  send(text: Uint8Array): void;
  end(): Promise<Ended>;
}

/** The console over a data directory: each line is answered by one reply. */
class Conversation<Partner extends Answering> {
  readonly program: Partner;
  readonly notices: Notice[] = [];
  /** Every line of the output that was a reply, to the byte. */
  readonly raw: string[] = [];
  readonly #asked: PromiseWithResolvers<Reply>[] = [];
  #ended: Error | undefined;

  constructor(program: Partner, output: Readable) {
    this.program = program;
    let rest = '';
    output.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#take(line);
    });
    this.program.ended.then(({ code, signal, stderr }) => {
      this.#ended = new Error(`the program ended (code ${code}, signal ${signal}): ${stderr}`);
      for (const { reject } of this.#asked.splice(0)) reject(this.#ended);
    });
  }

  /** Sends a line and awaits its reply; rejects where the program ends before it. */
  ask(line: string | Uint8Array): Promise<Reply> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const asked = Promise.withResolvers<Reply>();
    this.#asked.push(asked);
    this.program.send(Buffer.concat([Buffer.from(line), Buffer.from('\n')]));
    return asked.promise;
  }

  /** Sends lines one after the other. */
  async all(lines: readonly (string | Uint8Array)[]): Promise<Reply[]> {
    return Promise.all(lines.map((line) => this.ask(line)));
  }

  /** The first notice that the test holds for, by now or later. */
  noticed(test: (notice: Notice['data']) => boolean): Promise<Notice['data']> {
    return vi.waitFor(
      () => {
        const found = this.notices.find(({ data }) => test(data));
        if (found === undefined) throw new Error(`not noticed: ${this.program.stderr}`);
        return found.data;
      },
      { timeout: 20_000, interval: 5 },
    );
  }

  end(): Promise<Ended> {
    return this.program.end();
  }

  #take(line: string): void {
    const object: unknown = JSON.parse(line);
    const notice = Notice.safeParse(object);
    if (notice.success) {
      this.notices.push(notice.data);
      return;
    }
    this.raw.push(line);
    this.#asked.shift()?.resolve(Reply.parse(object));
  }
}

/** The program in a process of its own. */
export class Talk extends Conversation<Program> {
  constructor(directory: string, { flags = [], env = {} }: TalkOptions = {}) {
    const program = new Program(consoleOf(directory, flags), { cwd: directory, env });
    super(program, program.child.stdout);
  }

  async kill(): Promise<void> {
    this.program.child.kill('SIGKILL');
    await this.program.ended;
  }
}

/** The program in the process of the test, which starts much faster. */
export class TalkHere extends Conversation<ProgramHere> {
  constructor(directory: string, { flags = [], env = {} }: TalkOptions = {}) {
    const program = new ProgramHere(consoleOf(directory, flags), env);
    super(program, program.output);
  }
}

function consoleOf(directory: string, flags: readonly string[]): string[] {
  return ['console', '--json', '--data-dir', directory, ...flags];
}

interface WholeTalk {
  readonly replies: Reply[];
  readonly raw: string[];
  readonly notices: Notice[];
}

type Line = string | Uint8Array;

/** A whole talk with the program in a process of its own: its replies, once that has ended well. */
export function talk(directory: string, lines: readonly Line[], options?: TalkOptions): Promise<WholeTalk> {
  return whole(new Talk(directory, options), lines);
}

/** The same in the process of the test. */
export function talkHere(
  directory: string,
  lines: readonly Line[],
  options?: TalkOptions,
): Promise<WholeTalk> {
  return whole(new TalkHere(directory, options), lines);
}

async function whole(console: Conversation<Answering>, lines: readonly Line[]): Promise<WholeTalk> {
  const replies = await console.all(lines);
  const { code, stderr } = await console.end();
  if (code !== 0 || stderr !== '') throw new Error(`the program ended with ${code}: ${stderr}`);
  return { replies, raw: console.raw, notices: console.notices };
}

/** A text in a reply's data. */
export function id(reply: Reply | undefined, key: string): string {
  const value = reply?.data[key];
  if (typeof value !== 'string') throw new Error(`no ${key} in ${JSON.stringify(reply)}`);
  return value;
}
