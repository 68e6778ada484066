import { expect } from 'vitest';
import { startStandIn } from '../stand-ins/openai/started.ts';
import { id, Talk, temporaryDirectory } from './talk.ts';
import { answerOf, LESSONS, questionOf } from './trainers.ts';

/** A request at which the program is killed: before the server carries it out, or before its answer comes back. */
export type Place = readonly [route: string, isDone: boolean];

async function trainingServer() {
  const openai = await startStandIn();
  const env = {
    TRAINER: 'openai',
    OPENAI_BASE_URL: openai.url,
    OPENAI_API_KEY: openai.key,
    OPENAI_PRICES: '{"gpt":{"training":3}}',
    OPENAI_POLL_SECONDS: '1',
  };
  return { openai, env };
}

/** The program is killed while it trains on a server; the next one comes to the one good end that was paid for. */
export async function killedWhileTraining([route, after]: Place): Promise<void> {
  const { openai, env } = await trainingServer();
  const directory = temporaryDirectory();
  const held = openai.faults.hold(route, { after });
  const first = new Talk(directory, { env });
  const retrained = (await first.all([...LESSONS, '!retrain confirm=true'])).at(-1);
  await held.reached;
  await first.kill();
  held.release();

  const second = new Talk(directory, { env });
  const [waited, promoted, asked] = await second.all(['!wait', '!promote', questionOf('Gap')]);
  expect(waited?.data).toMatchObject({ job: id(retrained, 'job'), state: 'succeeded' });
  expect(promoted?.data).toMatchObject({ model: openai.jobs.only.object.fine_tuned_model });
  expect(asked?.data).toMatchObject({ response: answerOf('Gap') });
  expect(openai.jobs.paid).toHaveLength(1);
  expect(await second.end()).toMatchObject({ code: 0, stderr: '' });
}

/** The program is killed between recording a cancellation and telling the server. */
export async function killedWhileCancelling(): Promise<void> {
  const { openai, env } = await trainingServer();
  const directory = temporaryDirectory();
  const looked = openai.faults.hold('GET /fine_tuning/jobs/:id');
  const first = new Talk(directory, { env });
  const started = first.all([...LESSONS, '!retrain confirm=true']);
  await Promise.all([started, looked.reached]);
  const told = openai.faults.hold('POST /fine_tuning/jobs/:id/cancel');
  await first.all(['!cancel last']);
  looked.release();
  await told.reached;
  await first.kill();
  openai.faults.clear();

  const second = new Talk(directory, { env });
  const [job] = await second.all(['!job last']);
  expect(job?.data).toMatchObject({ state: 'cancelled' });
  await expect.poll(() => openai.jobs.only.object.status, { timeout: 60_000 }).toBe('cancelled');
  await second.end();
}
