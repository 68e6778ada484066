import { PassThrough, Writable } from 'node:stream';
import { WriteStream } from 'node:tty';
import headless from '@xterm/headless';

/** A terminal that a program believes to be real, and what a person would see on it. */
export class Screen {
  readonly keyboard = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  readonly output: Writable & { isTTY: boolean; columns: number; rows: number };
  /** All that was written, control sequences included. */
  raw = '';
  readonly #terminal: headless.Terminal;

  constructor(columns = 80, rows = 24) {
    this.#terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
    const write = (chunk: Buffer, _: string, done: () => void) => {
      this.raw += chunk.toString();
      this.#terminal.write(chunk, done);
    };
    this.output = Object.assign(new Writable({ write }), {
      isTTY: true,
      columns,
      rows,
      // What a real terminal goes by: NO_COLOR, FORCE_COLOR and TERM.
      getColorDepth: () => WriteStream.prototype.getColorDepth(),
    });
  }

  /** The lines on the screen, without the empty ones at the bottom. */
  get lines(): string[] {
    const { active } = this.#terminal.buffer;
    const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row));
    return lines
      .map((line) => line?.translateToString(true) ?? '')
      .join('\n')
      .trimEnd()
      .split('\n');
  }
}
