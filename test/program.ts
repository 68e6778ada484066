import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';

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

/** The program as its users start it: a process of its own, with nothing of our settings in its environment. */
export class Program {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[], { cwd, env = {} }: Start) {
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

  /** Ends its input and waits for its end. */
  async end(text: string | Uint8Array = ''): Promise<Ended> {
    this.child.stdin.end(text);
    return this.ended;
  }
}

/** Starts the program, gives it this input and waits for its end. */
export function run(args: readonly string[], start: Start, input: string | Uint8Array = ''): Promise<Ended> {
  return new Program(args, start).end(input);
}
