import { existsSync, readFileSync } from 'node:fs';

/**
 * The most MiB that a process has had in memory. Linux hands down what `resourceUsage` tells of a process to those that
 * it starts, so there it is asked otherwise.
 */
export function mostMebibytes(pid: number | 'self' = 'self'): number {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return Math.round(process.resourceUsage().maxRSS / 1024);
  const [, kibibytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(status, 'utf8')) ?? [];
  return Math.round(Number(kibibytes) / 1024);
}
