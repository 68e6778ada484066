import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { run as runProgram } from '../src/run.ts';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Start {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

export const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** What the program has written so far. */
class Written {
  stdout = '';
  stderr = '';

  /** Once so many lines have been written. */
  async lines(count: number): Promise<string[]> {
    return vi.waitFor(
      () => {
        const lines = this.stdout.split('\n').slice(0, -1);
        if (lines.length < count) throw new Error(`only ${lines.length} lines: ${this.stdout}${this.stderr}`);
        return lines;
      },
      { timeout: 15_000 },
    );
  }
}

/** The program as its users start it: a process of its own, with nothing of our settings in its environment. */
export class Program extends Written {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;

  constructor(args: readonly string[], { cwd, env = {} }: Start) {
    super();
    const { PATH, NODE_COMPILE_CACHE } = process.env;
    this.child = spawn(process.execPath, [MAIN, ...args], {
      cwd,
      // Compiled once for all tests.
      env: { PATH, NODE_COMPILE_CACHE, NO_COLOR: '1', ...env },
    });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    // A program that has ended takes no more input.
    this.child.stdin.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      this.child.on('close', (code, signal) =>
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr }),
      );
    });
  }

  send(text: string | Uint8Array): void {
    this.child.stdin.write(text);
  }

  /** Ends its input and waits for its end. */
  async end(text: string | Uint8Array = ''): Promise<Ended> {
    this.child.stdin.end(text);
    return this.ended;
  }
}

/** The same in the process of the test, which starts much faster. Relative paths are those of the test. */
export class ProgramHere extends Written {
  readonly output = new PassThrough({ encoding: 'utf8' });
  readonly ended: Promise<Ended>;
  readonly #input = new PassThrough();
  readonly #stop = new AbortController();

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    super();
    const errors = new PassThrough({ encoding: 'utf8' });
    this.output.on('data', (text: string) => {
      this.stdout += text;
    });
    errors.on('data', (text: string) => {
      this.stderr += text;
    });
    // Where nobody keeps settings of their own.
    const cwd = () => import.meta.dirname;
    const surroundings = { env, cwd, stdin: this.#input, stdout: this.output, stderr: errors };
    this.ended = runProgram(args, surroundings, this.#stop.signal).then((code) => {
      // What was written last.
      errors.read();
      this.output.read();
      return { code, signal: null, stdout: this.stdout, stderr: this.stderr };
    });
  }

  send(text: string | Uint8Array): void {
    this.#input.write(text);
  }

  /** As a signal does. */
  stop(): Promise<Ended> {
    this.#stop.abort();
    return this.ended;
  }

  /** Ends its input and waits for its end. */
  end(text: string | Uint8Array = ''): Promise<Ended> {
    this.#input.end(text);
    return this.ended;
  }
}

/** Gives the program in the process of the test this input and waits for its end. */
export function runHere(
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
  input: string | Uint8Array = '',
): Promise<Ended> {
  return new ProgramHere(args, env).end(input);
}

/** Starts the program, gives it this input and waits for its end. */
export function run(args: readonly string[], start: Start, input: string | Uint8Array = ''): Promise<Ended> {
  return new Program(args, start).end(input);
}
