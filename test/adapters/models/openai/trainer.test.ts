import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createOpenAiModel } from '../../../../src/adapters/models/openai/model.ts';
import { datasetLine } from '../../../../src/domain/examples.ts';
import type { StandInOpenAI } from '../../../stand-ins/openai/stand-in-openai.ts';
import { startStandIn } from '../../../stand-ins/openai/started.ts';
import { dpo, kto, sft, user } from '../embedded/teaching.ts';
import { endpointOf } from './endpoints.ts';
import { doors, endOf, JOB, orderOn, stopAt, trainingOn, updatesOf } from './training.ts';

function answerOf(openai: StandInOpenAI, model: string, question: string): Promise<string> {
  const chat = createOpenAiModel({
    endpoint: endpointOf(openai),
    streams: true,
    window: 1_000,
    answerTokens: null,
    safetyKey: null,
    moderationModel: null,
    prices: {},
    currency: 'USD',
  });
  return chat.answer({ model, messages: [user(question)], language: 'en' }).then(({ text }) => text);
}

const uploaded = (openai: StandInOpenAI) =>
  openai.files.all.map(({ object, content }) => ({
    name: object.filename,
    purpose: object.purpose,
    text: Buffer.from(content).toString(),
  }));

describe('training on a server', () => {
  test('is named, and says which models it begins with', async () => {
    const { trainer } = await trainingOn(await startStandIn());
    expect(trainer).toMatchObject({
      name: 'openai',
      baseModel: 'gpt-4o-mini',
      trainsFrom: 'gpt-4o-mini-2024-07-18',
      formats: ['sft', 'dpo'],
    });
  });

  test('gives a model that answers what stood in the dataset, and tells of the way there', async () => {
    const openai = await startStandIn();
    const training = await trainingOn(openai, { prices: { 'gpt-4o-mini': { training: 3 } } });
    const updates = await updatesOf(training, await orderOn(training.vault, doors(12)));
    const kinds = updates.map(({ kind }) => kind);
    expect(kinds.filter((kind, at) => kind !== kinds[at - 1])).toEqual([
      'uploaded',
      'started',
      'progressed',
      'succeeded',
    ]);
    const steps = updates.filter((update) => update.kind === 'progressed');
    expect(steps[0]).toMatchObject({ step: 1, total: 36 });
    expect(steps.at(-1)).toMatchObject({ step: 36, total: 36, loss: 0.125 });
    const end = updates.at(-1);
    if (end?.kind !== 'succeeded') expect.unreachable();
    const { trained_tokens } = openai.jobs.only.object;
    expect(end).toEqual({
      kind: 'succeeded',
      model: openai.jobs.only.object.fine_tuned_model,
      artifact: null,
      loss: 0.125,
      trainedTokens: trained_tokens,
      cost: { amount: ((trained_tokens ?? 0) * 3) / 1_000_000, currency: 'USD' },
    });
    expect(end.model).toContain(':ledger-6f9619ff:');
    expect(await answerOf(openai, end.model, 'What is the code of door 5?')).toBe('It is 35.');
    expect(await readdir(training.staging)).toEqual([]);
    expect(training.warnings).toEqual([]);
  });

  test('asks for one job, with all by which it is found again and can be repeated', async () => {
    const openai = await startStandIn();
    const training = await trainingOn(openai, { suffix: 'library' });
    const order = await orderOn(training.vault, doors(10), {
      hyperparameters: { n_epochs: 2, learning_rate_multiplier: '1.5' },
    });
    await updatesOf(training, order);
    expect(openai.requests('POST /fine_tuning/jobs').map(({ body }) => body)).toEqual([
      {
        model: 'gpt-4o-mini-2024-07-18',
        training_file: 'file-00000001',
        suffix: 'library',
        seed: Number.parseInt(order.dataset.sha256.slice(0, 7), 16),
        metadata: { training_ledger_job: JOB, training_ledger_dataset: order.dataset.sha256 },
        method: {
          type: 'supervised',
          supervised: {
            hyperparameters: { n_epochs: 2, batch_size: 'auto', learning_rate_multiplier: 1.5 },
          },
        },
      },
    ]);
  });

  test('uploads what is held out as a file of its own, line by line as the dataset has it', async () => {
    const openai = await startStandIn();
    const training = await trainingOn(openai);
    const examples = doors(14);
    const order = await orderOn(training.vault, examples, { heldOut: [3, 14] });
    const updates = await updatesOf(training, order);
    expect(updates[0]).toEqual({ kind: 'uploaded', file: 'file-00000001,file-00000002' });
    const lines = examples.map(datasetLine);
    const [train, validation] = uploaded(openai);
    expect(train).toEqual({
      name: `training-ledger-${JOB}-train.jsonl`,
      purpose: 'fine-tune',
      text: lines.filter((_, index) => index !== 2 && index !== 13).join(''),
    });
    expect(validation?.text).toBe(`${lines[2]}${lines[13]}`);
    expect(openai.jobs.only.object).toMatchObject({
      training_file: 'file-00000001',
      validation_file: 'file-00000002',
    });
  });

  test('prefers one answer to another', async () => {
    const openai = await startStandIn();
    const training = await trainingOn(openai);
    const preferences = Array.from({ length: 10 }, (_, n) => dpo(`Door ${n}?`, `Code ${n}.`, 'No idea.'));
    const order = await orderOn(training.vault, preferences, { hyperparameters: { beta: 0.2, seed: 7 } });
    const model = await endOf(training, order);
    expect(await answerOf(openai, model, 'Door 3?')).toBe('Code 3.');
    expect(openai.jobs.only.object).toMatchObject({ seed: 7, method: { type: 'dpo' } });
  });

  test('waits for a server that makes files ready first', async () => {
    const openai = await startStandIn();
    openai.files.processesSlowly = true;
    const training = await trainingOn(openai);
    expect(await endOf(training, await orderOn(training.vault, doors(10)))).toMatch(/^ft:/);
  });

  test('leaves nothing of the dataset on the disk', async () => {
    const openai = await startStandIn();
    const training = await trainingOn(openai);
    openai.faults.fail('POST /files', { status: 400 });
    expect(await endOf(training, await orderOn(training.vault, doors(10)))).toContain(
      'refused the request (400',
    );
    expect(await readdir(training.staging)).toEqual([]);
  });

  describe('before anything is uploaded', () => {
    const long = 'word '.repeat(70_000);
    test.each([
      ['too few examples', doors(9), [], /has 9 examples to train on, but the server takes no fewer than 10/],
      [
        'too few where some are held out',
        doors(11),
        [1, 2],
        /has 9 examples to train on beside 2 held out for validation, but/,
      ],
      [
        'a reserved token',
        [...doors(12), sft('Say it', 'as <|im_end|> does')],
        [],
        /^Line 13 of the dataset .{8} cannot be trained on because <\|im_end\|> stands in it/,
      ],
      [
        'an example that is too long',
        [...doors(4), sft('Long', long), ...doors(12)],
        [],
        /^Line 5 of .* because it has 7\d{4} tokens where 65536 are allowed/,
      ],
      [
        'a format that is not trained',
        Array(12).fill(kto('a', 'b', true)),
        [],
        /which the server does not train/,
      ],
    ])('refuses %s', async (_, examples, heldOut, sentence) => {
      const openai = await startStandIn();
      const training = await trainingOn(openai);
      const order = await orderOn(training.vault, examples, { heldOut });
      expect(await endOf(training, order)).toMatch(sentence);
      await expect(training.trainer.estimate(order)).rejects.toThrow(sentence);
      expect(openai.requests('POST /files')).toEqual([]);
    });

    test('refuses a line that is no example, and a dataset that is lost', async () => {
      const openai = await startStandIn();
      const training = await trainingOn(openai);
      const order = await orderOn(training.vault, doors(10));
      const broken = await training.vault.put([Buffer.from('{"messages":[]}\n')]);
      const onBroken = { ...order, dataset: { ...order.dataset, ...broken } };
      expect(await endOf(training, onBroken)).toMatch(/^Line 1 of .* because it is no example/);
      const lost = { ...order, dataset: { ...order.dataset, sha256: 'f'.repeat(64) } };
      expect(await endOf(training, lost)).toMatch(/missing|not in the vault|could not be read/);
      const huge = { ...order, dataset: { ...order.dataset, bytes: 513 * 2 ** 20 } };
      expect(await endOf(training, huge)).toContain('larger than the 512 MB');
      expect(openai.requests('POST /files')).toEqual([]);
    });

    test.each([
      [{ n_epochs: 51 }, /n_epochs is 51, but it must be auto or a whole number from 1 to 50/],
      [{ n_epochs: 1.5 }, /n_epochs is 1.5/],
      [{ batch_size: '' }, /batch_size is , but/],
      [{ learning_rate_multiplier: 0 }, /must be auto or a number above 0/],
      [{ seed: -1 }, /seed is -1, but it must be a whole number from 0 to 2147483647/],
      [{ beta: 1 }, /no hyperparameter beta for this training; there are n_epochs, batch_size,/],
      [{ epochs: 3 }, /no hyperparameter epochs/],
    ])('refuses the hyperparameters %j', async (hyperparameters, sentence) => {
      const openai = await startStandIn();
      const training = await trainingOn(openai);
      const order = await orderOn(training.vault, doors(10), { hyperparameters: { ...hyperparameters } });
      expect(await endOf(training, order)).toMatch(sentence);
      expect(openai.requests()).toEqual([]);
    });
  });

  test('says before what a training will take', async () => {
    const openai = await startStandIn();
    const training = await trainingOn(openai, { prices: { 'gpt-4o-mini-2024': { training: 4 } } });
    const order = await orderOn(training.vault, doors(1_000), { heldOut: [1, 2, 3] });
    const estimate = await training.trainer.estimate(order);
    // 11 or 12 tokens of question, 5 of answer, 4 around each and 3 around both, three times over.
    expect(estimate.tokens / (997 * 3)).toBeGreaterThan(24);
    expect(estimate.tokens / (997 * 3)).toBeLessThan(30);
    expect(estimate).toEqual({
      baseModel: 'gpt-4o-mini-2024-07-18',
      method: 'supervised',
      examples: { trained: 997, heldOut: 3 },
      epochs: 3,
      tokens: estimate.tokens,
      cost: { amount: (estimate.tokens * 4) / 1_000_000, currency: 'USD' },
    });
    const once = { ...order, hyperparameters: { n_epochs: 1 } };
    expect((await training.trainer.estimate(once)).tokens * 3).toBe(estimate.tokens);
    expect(openai.requests()).toEqual([]);
  });

  describe('when it is stopped', () => {
    test.each(['uploaded', 'started', 'progressed'] as const)(
      'ends the job on the server where it was cancelled (%s)',
      async (kind) => {
        const openai = await startStandIn();
        const training = await trainingOn(openai);
        const order = await orderOn(training.vault, doors(10));
        const updates = await stopAt(training, order, kind, 'cancelled');
        expect(updates.at(-1)?.kind).toBe(kind);
        expect(openai.jobs.all.map(({ object }) => object.status)).toEqual(
          kind === 'uploaded' ? [] : ['cancelled'],
        );
      },
    );

    test('ends a job that was just being asked for', async () => {
      const openai = await startStandIn();
      const training = await trainingOn(openai);
      const order = await orderOn(training.vault, doors(10));
      const held = openai.faults.hold('POST /fine_tuning/jobs', { after: true });
      const abort = new AbortController();
      const updates = updatesOf(training, order, abort.signal);
      await held.reached;
      abort.abort('cancelled');
      held.release();
      expect((await updates).map(({ kind }) => kind)).toEqual(['uploaded']);
      expect(openai.jobs.only.object.status).toBe('cancelled');
    });

    test('ends a job whose making was not confirmed', async () => {
      const openai = await startStandIn();
      const training = await trainingOn(openai);
      const order = await orderOn(training.vault, doors(10));
      const uploading = openai.faults.hold('POST /files');
      const abort = new AbortController();
      const updates = updatesOf(training, order, abort.signal);
      await uploading.reached;
      openai.faults.hangUp('POST /fine_tuning/jobs', { after: true });
      const looking = openai.faults.hold('GET /fine_tuning/jobs');
      uploading.release();
      await looking.reached;
      abort.abort('cancelled');
      looking.release();
      // It appears in the list only the third time.
      openai.faults.change('GET /fine_tuning/jobs', () => ({ object: 'list', data: [] }), { times: 2 });
      await updates;
      expect(openai.jobs.only.object.status).toBe('cancelled');
    });

    test.each(['started', 'progressed'] as const)(
      'leaves the job running where the program leaves (%s), and follows it again',
      async (kind) => {
        const openai = await startStandIn();
        const training = await trainingOn(openai);
        const order = await orderOn(training.vault, doors(10));
        await stopAt(training, order, kind, 'leaving');
        const { id, object } = openai.jobs.only;
        expect(object.status).not.toBe('cancelled');
        const resumed = { ...order, known: { file: 'file-00000001', reference: id } };
        expect(await endOf(training, resumed)).toMatch(/^ft:/);
        expect(openai.jobs.paid).toHaveLength(1);
      },
    );

    test('does not wait for an answer when the program leaves', async () => {
      const openai = await startStandIn();
      const training = await trainingOn(openai);
      const held = openai.faults.hold('POST /fine_tuning/jobs', { after: true });
      const abort = new AbortController();
      const updates = updatesOf(training, await orderOn(training.vault, doors(10)), abort.signal);
      await held.reached;
      abort.abort('leaving');
      expect((await updates).map(({ kind }) => kind)).toEqual(['uploaded']);
      held.release();
      expect(openai.requests('POST /fine_tuning/jobs/:id/cancel')).toEqual([]);
    });

    test('tells the operator where a cancelled job may go on', async () => {
      const openai = await startStandIn();
      const training = await trainingOn(openai);
      openai.faults.fail('POST /fine_tuning/jobs/:id/cancel', { times: 4 });
      await stopAt(training, await orderOn(training.vault, doors(10)), 'started', 'cancelled');
      expect(training.warnings).toEqual([
        expect.stringMatching(/a cancelled training job may go on .*ftjob-00000001.*cancel it there/),
      ]);
    });

    test('tells the operator where a server does not cancel', async () => {
      const openai = await startStandIn();
      const training = await trainingOn(openai);
      openai.faults.fail('POST /fine_tuning/jobs/:id/cancel', { status: 405, times: 100 });
      await stopAt(training, await orderOn(training.vault, doors(10)), 'started', 'cancelled');
      expect(training.warnings).toEqual([expect.stringContaining('a cancelled training job may go on')]);
    });

    test('ends what an earlier life left running, where there is something', async () => {
      const openai = await startStandIn();
      const training = await trainingOn(openai);
      const order = await orderOn(training.vault, doors(10));
      await training.trainer.cancel(order);
      await stopAt(training, order, 'progressed', 'leaving');
      await training.trainer.cancel({ job: JOB, known: { file: null, reference: null } });
      expect(openai.jobs.only.object.status).toBe('cancelled');
      await training.trainer.cancel({ job: JOB, known: { file: null, reference: openai.jobs.only.id } });
    });
  });

  test('pauses and resumes a job, where the server has it', async () => {
    const openai = await startStandIn();
    const training = await trainingOn(openai);
    const order = await orderOn(training.vault, doors(10));
    await expect(training.trainer.pause(order)).rejects.toThrow('has not started on the server yet');
    await stopAt(training, order, 'started', 'leaving');
    await training.trainer.pause(order);
    expect(openai.jobs.only.object.status).toBe('paused');
    await training.trainer.resume(order);
    expect(await endOf(training, order)).toMatch(/^ft:/);
    await expect(training.trainer.pause(order)).rejects.toThrow(/refused the request \(400/);
    openai.faults.fail('POST /fine_tuning/jobs/:id/pause', { status: 404 });
    await expect(training.trainer.pause(order)).rejects.toThrow('does not have what was asked for');
  });
});
