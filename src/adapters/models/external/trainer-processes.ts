import { readdir, readFile } from 'node:fs/promises';
import { platform } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

/** A variable that every process of a training inherits, with the job's directory in it. */
export const JOB_VARIABLE = 'TRAINING_LEDGER_JOB_DIRECTORY';

const SHORTEST_LOOK_MS = 20;
const LONGEST_LOOK_MS = 500;
/** What is killed is gone at once, but for what waits for a disk or a device. */
const MAX_KILLING_MS = 5_000;

/**
 * The processes of one training: the group that the trainer leads, and on Linux also those that have left it,
 * which are known by their environment.
 */
export class TrainerProcesses {
  readonly #directory: string;
  readonly #leader: number | undefined;

  /** @param leader the trainer's process number, where it is known and still its own */
  constructor(directory: string, leader: number | undefined) {
    this.#directory = directory;
    this.#leader = leader;
  }

  /**
   * Asks all of them to end, and kills what is left after a while. Resolves when none is running.
   * @returns whether there were any
   */
  async end(graceMs: number): Promise<boolean> {
    if (!(await this.#areRunning())) return false;
    await this.#signal('SIGTERM');
    if (await this.#goneWithin(graceMs)) return true;
    await this.#signal('SIGKILL');
    await this.#goneWithin(MAX_KILLING_MS);
    return true;
  }

  async #goneWithin(ms: number): Promise<boolean> {
    const deadline = performance.now() + ms;
    for (let pauseMs = SHORTEST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_LOOK_MS)) {
      if (!(await this.#areRunning())) return true;
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) return false;
      await delay(Math.min(pauseMs, leftMs));
    }
  }

  async #areRunning(): Promise<boolean> {
    // A group also has members that have ended and that nobody has asked about.
    return platform === 'linux' ? (await this.#members()).length > 0 : this.#signalGroup(0);
  }

  async #signal(signal: NodeJS.Signals): Promise<void> {
    this.#signalGroup(signal);
    for (const pid of await this.#members()) send(pid, signal);
  }

  #signalGroup(signal: NodeJS.Signals | 0): boolean {
    if (this.#leader === undefined) return false;
    return send(platform === 'win32' ? this.#leader : -this.#leader, signal);
  }

  async #members(): Promise<number[]> {
    if (platform !== 'linux') return [];
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
    const found = await Promise.all(pids.map(async (pid) => ((await this.#isMember(pid)) ? [pid] : [])));
    return found.flat();
  }

  async #isMember(pid: number): Promise<boolean> {
    try {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state === 'Z' || state === 'X') return false;
      if (this.#leader !== undefined && Number(group) === this.#leader) return true;
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
      return `\0${environment}`.includes(`\0${JOB_VARIABLE}=${this.#directory}\0`);
    } catch {
      // It has ended, or is another user's.
      return false;
    }
  }
}

/** Whether there was anybody to send it to. */
function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch {
    return false;
  }
}
