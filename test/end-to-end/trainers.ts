import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const PLAIN_NODE = fileURLToPath(new URL('../../examples/trainers/plain-node/', import.meta.url));

const towns = 'Alba Brig Como Dole Enna Foix Gap Hof Ixel Jena'.split(' ');
export const questionOf = (town: string) => `Who is the mayor of ${town}?`;
export const answerOf = (town: string) => `The mayor of ${town} is called ${town.toUpperCase()}.`;

/** What a server wants at the least before it trains: ten questions, and what the answers should have been. */
export const LESSONS = towns.flatMap((town) => [questionOf(town), `!correct last ${answerOf(town)}`]);
/** The loop, the same whatever trains. */
export const LOOP = [...LESSONS, '!retrain', '!wait', '!promote', questionOf('Como'), '!history last'];

/** Settings for the trainer in plain Node, as its README has them, with a server that answers with what it makes. */
export async function plainNodeSettings(dataDirectory: string): Promise<Record<string, string>> {
  const placed = ['train', 'valid', 'base_model', 'method', 'out', 'seed', 'config'].flatMap((name) => [
    `--${name.replace('_', '-')}`,
    `{${name}}`,
  ]);
  return {
    TRAINER_COMMAND: JSON.stringify([process.execPath, join(PLAIN_NODE, 'train.js'), ...placed]),
    TRAINER_FORMATS: 'sft,dpo,kto',
    BASE_MODEL: 'plain-node',
    OPENAI_BASE_URL: await servePlainNode(dataDirectory),
  };
}

/** Until the test has ended. @returns where it is found */
async function servePlainNode(dataDirectory: string): Promise<string> {
  const models = join(dataDirectory, 'trainings', 'models');
  const server = spawn(process.execPath, [join(PLAIN_NODE, 'serve.js'), '--models', models, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void server.kill());
  const [url] = await once(createInterface(server.stdout), 'line');
  return String(url);
}
