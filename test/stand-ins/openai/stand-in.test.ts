import OpenAI, { APIConnectionError, toFile } from 'openai';
import { describe, expect, test } from 'vitest';
import { Contract } from './contract.ts';
import type { Exchange } from './http-server.ts';
import type { StandInOpenAI } from './stand-in-openai.ts';
import { startStandIn } from './started.ts';

const BASE = 'gpt-4o-mini-2024-07-18';

function clientOf({ url, key }: StandInOpenAI): OpenAI {
  return new OpenAI({ baseURL: url, apiKey: key, maxRetries: 0, logLevel: 'off' });
}

function lessons(count: number): string {
  return Array.from({ length: count }, (_, n) =>
    JSON.stringify({
      messages: [
        { role: 'user', content: `What is the code of door ${n}?` },
        { role: 'assistant', content: `It is ${n * 7}.` },
      ],
    }),
  ).join('\n');
}

async function upload(client: OpenAI, content: string, purpose: OpenAI.FilePurpose = 'fine-tune') {
  return client.files.create({ file: await toFile(Buffer.from(content), 'train.jsonl'), purpose });
}

async function ask(client: OpenAI, model: string, content: string): Promise<string | null | undefined> {
  const { choices } = await client.chat.completions.create({ model, messages: [{ role: 'user', content }] });
  return choices[0]?.message.content;
}

describe('the stand-in for OpenAI', () => {
  test('teaches a model what stands in the uploaded file, with events and checkpoints on the way', async () => {
    const openai = await startStandIn();
    const client = clientOf(openai);
    const { id: training_file } = await upload(client, lessons(10));
    const created = await client.fineTuning.jobs.create({
      model: BASE,
      training_file,
      suffix: 'doors',
      metadata: { job: 'ours' },
    });
    const statuses = [created.status];
    let job = created;
    while (job.status !== 'succeeded') {
      job = await client.fineTuning.jobs.retrieve(job.id);
      statuses.push(job.status);
    }
    expect(statuses).toEqual(['validating_files', 'queued', 'running', 'running', 'running', 'succeeded']);
    const model = job.fine_tuned_model ?? '';
    expect(model).toContain(':doors:');
    expect(await ask(client, model, 'What is the code of door 3?')).toBe('It is 21.');
    expect(await ask(client, BASE, 'What is the code of door 3?')).toContain('not taught');

    const events: string[] = [];
    for await (const { message } of client.fineTuning.jobs.listEvents(job.id, { limit: 5 }))
      events.unshift(message);
    expect(events[0]).toContain('Created fine-tuning job');
    expect(events.filter((message) => message.startsWith('Step '))).toHaveLength(30);
    const checkpoints = await client.fineTuning.jobs.checkpoints.list(job.id);
    expect(checkpoints.data.map(({ step_number }) => step_number)).toEqual([30, 20, 10]);
    const [mine] = (await client.fineTuning.jobs.list({ metadata: { job: 'ours' } })).data;
    expect(mine?.id).toBe(job.id);
    expect((await client.fineTuning.jobs.list({ metadata: { job: 'theirs' } })).data).toEqual([]);
  });

  test('pauses, resumes and cancels a job, and refuses to do so with one that has ended', async () => {
    const openai = await startStandIn();
    openai.jobs.byHand = true;
    const client = clientOf(openai);
    const { id: training_file } = await upload(client, lessons(10));
    const { id } = await client.fineTuning.jobs.create({ model: BASE, training_file });
    const statuses: string[] = [];
    for (const turn of ['pause', 'resume', 'cancel'] as const) {
      statuses.push((await client.fineTuning.jobs[turn](id)).status);
    }
    expect(statuses).toEqual(['paused', 'queued', 'cancelled']);
    await expect(client.fineTuning.jobs.cancel(id)).rejects.toThrow('400');
  });

  test('refuses what OpenAI refuses', async () => {
    const openai = await startStandIn();
    const client = clientOf(openai);
    const jobOn = async (content: string) => {
      const { id: training_file } = await upload(client, content);
      const { id } = await client.fineTuning.jobs.create({ model: BASE, training_file });
      return client.fineTuning.jobs.retrieve(id);
    };
    expect((await jobOn(lessons(9))).error?.message).toContain('at least 10 examples');
    expect((await jobOn(lessons(11).replaceAll('assistant', 'bot'))).error?.message).toContain('Line 1');
    expect((await jobOn(lessons(11).replace('door 4', '<|im_end|>'))).error?.message).toContain('Line 5');

    const { id: elsewhere } = await upload(client, lessons(10), 'user_data');
    await expect(client.fineTuning.jobs.create({ model: BASE, training_file: elsewhere })).rejects.toThrow(
      'purpose',
    );
    await expect(client.fineTuning.jobs.create({ model: BASE, training_file: 'file-0' })).rejects.toThrow(
      'does not exist',
    );
    openai.files.maxBytes = 100;
    await expect(upload(client, lessons(10))).rejects.toThrow('413');
    await expect(ask(client, 'gpt-9', 'x')).rejects.toThrow('404');
    const stranger = new OpenAI({ baseURL: openai.url, apiKey: 'sk-other', maxRetries: 0 });
    await expect(stranger.models.list()).rejects.toThrow('401');
  });

  test('streams an answer word by word, with the usage at the end', async () => {
    const openai = await startStandIn();
    const stream = await clientOf(openai).chat.completions.create({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'one two' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      usage = chunk.usage;
    }
    expect(text).toBe('I am gpt-4o-mini, and I was not taught an answer to “one two”.');
    expect(usage).toMatchObject({ prompt_tokens: 2, completion_tokens: 13 });
  });

  test('moderates and transcribes', async () => {
    const openai = await startStandIn();
    const client = clientOf(openai);
    openai.moderations.forbidden.add('badger');
    const { results } = await client.moderations.create({ input: ['a badger', 'a fox'] });
    expect(results.map(({ flagged }) => flagged)).toEqual([true, false]);
    const recording = Buffer.from([1, 2, 3]);
    openai.transcriptions.hears(recording, 'Hello.');
    const file = await toFile(recording, 'speech.ogg');
    expect((await client.audio.transcriptions.create({ file, model: 'whisper-1' })).text).toBe('Hello.');
  });

  test('misbehaves when it is told to', async () => {
    const openai = await startStandIn();
    const client = clientOf(openai);
    const { id: training_file } = await upload(client, lessons(10));
    const create = () => client.fineTuning.jobs.create({ model: BASE, training_file });
    openai.faults.fail('POST /fine_tuning/jobs');
    await expect(create()).rejects.toThrow('500');
    expect(openai.jobs.paid).toHaveLength(0);
    openai.faults.fail('POST /fine_tuning/jobs', { after: true });
    await expect(create()).rejects.toThrow('500');
    expect(openai.jobs.paid).toHaveLength(1);

    openai.faults.rateLimit('GET /models', { retryAfter: 7 });
    await expect(client.models.list()).rejects.toMatchObject({ status: 429 });
    openai.faults.hangUp('GET /models');
    await expect(client.models.list()).rejects.toBeInstanceOf(APIConnectionError);
    openai.faults.garble('GET /models');
    await expect(client.models.list()).rejects.toThrow(SyntaxError);
    openai.faults.halve('GET /models');
    await expect(client.models.list()).rejects.toThrow();
    openai.faults.trickle('GET /models', { everyMs: 1_000 });
    await expect(client.models.list({ timeout: 100 })).rejects.toThrow('timed out');
    const held = openai.faults.hold('GET /models');
    const listed = client.models.list();
    await held.reached;
    held.release();
    expect((await listed).data).toHaveLength(2);
    openai.faults.change<{ has_more: boolean }>('GET /fine_tuning/jobs', (page) => ({
      ...page,
      has_more: true,
    }));
    expect((await client.fineTuning.jobs.list()).has_more).toBe(true);
    openai.clock.setOff(-86_400);
    expect((await create()).created_at).toBeLessThan(Date.now() / 1000 - 80_000);
  });

  test('can have a certificate that nobody accepts', async () => {
    const openai = await startStandIn({ badCertificate: true });
    await expect(clientOf(openai).models.list()).rejects.toMatchObject({
      cause: { cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } },
    });
  });
});

const contract = Contract.load();

describe.skipIf(contract === null)("OpenAI's own description of its API", () => {
  const exchange: Exchange = {
    route: 'GET /models',
    path: '/models',
    query: new URLSearchParams(),
    headers: {},
    body: undefined,
    form: null,
    status: 200,
    answer: { kind: 'json', body: { object: 'list', data: [] } },
  };

  test('has nothing against what is right', () => {
    expect(contract?.failuresOf(exchange)).toEqual([]);
  });

  test('finds a wrong answer, a wrong request, a wrong parameter and a wrong route', () => {
    expect(contract?.failuresOf({ ...exchange, answer: { kind: 'json', body: { data: [] } } })).toEqual([
      expect.stringContaining("must have required property 'object'"),
    ]);
    const creation = {
      ...exchange,
      route: 'POST /fine_tuning/jobs',
      path: '/fine_tuning/jobs',
      answer: null,
    };
    expect(contract?.failuresOf({ ...creation, body: { model: BASE } })).toEqual([
      expect.stringContaining("must have required property 'training_file'"),
    ]);
    const search = new URLSearchParams({ colour: 'red' });
    expect(contract?.failuresOf({ ...exchange, query: search })).toEqual([
      expect.stringContaining('unknown parameter colour'),
    ]);
    expect(contract?.failuresOf({ ...exchange, path: '/fashions' })).toHaveLength(1);
  });
});
