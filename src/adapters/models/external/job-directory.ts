import { join } from 'node:path';
import { LLAMA_FACTORY_LOG } from './llama-factory-log.ts';

/** Everything that belongs to one training, in a directory that is named by the job. */
export interface JobDirectory {
  readonly path: string;
  /** Written last of what is prepared: where it stands, everything else does. */
  readonly task: string;
  readonly train: string;
  readonly valid: string;
  readonly config: string;
  /** Where the trainer puts what it makes. */
  readonly out: string;
  /** Who supervises the trainer. */
  readonly supervisor: string;
  /** What became of it so far. */
  readonly record: string;
  readonly supervisorLog: string;
  /** The latest part of what the trainer wrote on each of its descriptors. */
  readonly protocol: string;
  readonly standardOutput: string;
  readonly standardError: string;
  /** Where LLaMA-Factory writes its progress, as it is configured. */
  readonly llamaFactoryLogs: readonly string[];
}

export function jobDirectory(path: string): JobDirectory {
  const out = join(path, 'out');
  return {
    path,
    task: join(path, 'task.json'),
    train: join(path, 'train.jsonl'),
    valid: join(path, 'valid.jsonl'),
    config: join(path, 'config.json'),
    out,
    supervisor: join(path, 'supervisor.json'),
    record: join(path, 'record.jsonl'),
    supervisorLog: join(path, 'supervisor.log'),
    protocol: join(path, 'protocol.log'),
    standardOutput: join(path, 'stdout.log'),
    standardError: join(path, 'stderr.log'),
    llamaFactoryLogs: [join(out, LLAMA_FACTORY_LOG), join(path, LLAMA_FACTORY_LOG)],
  };
}
