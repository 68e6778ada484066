import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** Runs a script of `children/` in a process of its own, which ends with the test at the latest. */
export function startChild(script: string, args: readonly string[], nodeOptions: readonly string[] = []) {
  return start(process.execPath, nodeCommand(script, args, nodeOptions));
}

/** The same below a command that restricts it, such as `sh -c 'ulimit …; exec "$@"' sh`. */
export function startBelow(command: readonly string[], script: string, args: readonly string[]) {
  const [first = '', ...rest] = command;
  return start(first, [...rest, process.execPath, ...nodeCommand(script, args, [])]);
}

/** What it printed, and whether it went well. */
export async function ended(child: ChildProcess): Promise<{ code: number | null; out: string }> {
  const [out, errors] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
    child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined,
  ]);
  if (errors !== '') throw new Error(errors);
  return { code: child.exitCode, out };
}

/** Whether this user may mount file systems of its own, where nobody else sees them. */
export function mountsOfItsOwn(): readonly string[] | undefined {
  const unshare = process.getuid?.() === 0 ? ['unshare', '-m'] : ['unshare', '-rm'];
  const [command = '', ...args] = unshare;
  try {
    execFileSync(command, [...args, 'sh', '-c', 'mount -t tmpfs -o size=1m none /tmp'], { stdio: 'ignore' });
    return unshare;
  } catch {
    return undefined;
  }
}

function nodeCommand(script: string, args: readonly string[], nodeOptions: readonly string[]): string[] {
  return [...nodeOptions, join(import.meta.dirname, 'children', script), ...args];
}

function start(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}
