import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createOpenAiModel } from '../../../../src/adapters/models/openai/model.ts';
import { OpenAiTranscriber } from '../../../../src/adapters/models/openai/transcriber.ts';
import type { StandInOpenAI } from '../../../stand-ins/openai/stand-in-openai.ts';
import { startStandIn } from '../../../stand-ins/openai/started.ts';
import { user } from '../embedded/teaching.ts';
import { endpointOf } from './endpoints.ts';
import { doors, HOUR, orderOn, stopAt, trainingOn, updatesOf } from './training.ts';

const written: string[] = [];

beforeEach(() => {
  written.length = 0;
  vi.stubEnv('OPENAI_LOG', 'debug');
  vi.stubEnv('OPENAI_ORG_ID', 'org-of-another-server');
  vi.stubEnv('OPENAI_PROJECT_ID', 'project-of-another-server');
  vi.stubEnv('OPENAI_ADMIN_KEY', 'sk-admin');
  for (const method of ['log', 'debug', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((...said: unknown[]) => void written.push(inspect(said)));
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** What a server says that does not keep secrets. */
function babbling(key: string, status: number) {
  const message = `You sent Authorization: Bearer ${key} and ${encodeURIComponent(key)}`;
  return { status, body: { error: { message, type: key, param: key, code: key } } };
}

const STATUSES = [400, 401, 403, 404, 409, 422, 429, 500, 503];

function thrown(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  );
}

async function everythingSaid(openai: StandInOpenAI): Promise<string> {
  const said: unknown[] = [];
  const endpoint = endpointOf(openai);
  const model = createOpenAiModel({
    endpoint,
    streams: true,
    window: 1_000,
    answerTokens: null,
    safetyKey: null,
    moderationModel: 'omni-moderation-latest',
    prices: {},
    currency: 'USD',
  });
  const transcriber = new OpenAiTranscriber({ endpoint, model: 'whisper-1' });
  const training = await trainingOn(openai, { patienceMs: HOUR });
  const order = await orderOn(training.vault, doors(10));
  for (const status of STATUSES) {
    const babble = babbling(openai.key, status);
    openai.faults.fail('POST /moderations', babble);
    const question = { model: 'gpt-4o-mini', messages: [user('x')], language: 'en', member: 'ada' } as const;
    said.push(await thrown(model.answer(question)));
    openai.faults.fail('POST /chat/completions', babble);
    said.push(await thrown(model.answer(question)));
    openai.faults.fail('POST /audio/transcriptions', babble);
    said.push(await thrown(transcriber.transcribe({ content: new Uint8Array([1]), format: 'ogg' })));
    for (const route of ['GET /fine_tuning/jobs', 'POST /files', 'POST /fine_tuning/jobs']) {
      openai.faults.fail(route, { ...babble, times: 10 });
      said.push(await updatesOf(training, { ...order, job: `${order.job}-${status}` }));
      openai.faults.clear();
    }
  }
  await stopAt(training, order, 'started', 'leaving');
  const job = openai.jobs.all.at(-1);
  if (job === undefined) throw new Error('there is no job');
  const known = { file: 'file-1', reference: job.id };
  for (const status of STATUSES) {
    openai.faults.fail('GET /fine_tuning/jobs/:id', { ...babbling(openai.key, status), times: 10_000 });
    said.push(await updatesOf(training, { ...order, known }));
    openai.faults.clear();
    openai.faults.fail('POST /fine_tuning/jobs/:id/pause', babbling(openai.key, status));
    said.push(await thrown(training.trainer.pause({ ...order, known })));
  }
  openai.jobs.fail(job, { code: openai.key, message: `${openai.key}!` });
  said.push(await updatesOf(training, { ...order, known }));
  return [...said, ...training.warnings, ...written].map((one) => inspect(one, { depth: 10 })).join('\n');
}

test('the key is said to nobody, whatever the server says of it', async () => {
  const openai = await startStandIn();
  const said = await everythingSaid(openai);
  expect(said).toContain('[key]');
  expect(said).not.toContain(openai.key);
  expect(said).not.toContain(openai.key.slice(0, 20));
  // The stand-in itself says where it could not be checked.
  expect(written.filter((line) => !inspect(line).includes('Not checked against'))).toEqual([]);
});

test('what the environment holds for one server is not sent to another', async () => {
  const openai = await startStandIn();
  const training = await trainingOn(openai);
  await updatesOf(training, await orderOn(training.vault, doors(10)));
  for (const { headers } of openai.requests()) {
    expect(headers.authorization).toBe(`Bearer ${openai.key}`);
    expect(JSON.stringify(headers)).not.toMatch(/of-another-server|sk-admin/);
  }
});

test('a password in a URL is not shown', async () => {
  const openai = await startStandIn();
  const { host } = new URL(openai.url);
  const baseUrl = openai.url.replace('http://', 'http://someone:s3cret@');
  const training = await trainingOn(openai, { endpoint: { baseUrl } });
  const said = JSON.stringify(await updatesOf(training, await orderOn(training.vault, doors(10))));
  expect(said).toContain(host);
  expect(said).not.toMatch(/s3cret|someone/);
});
