import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createExternalTrainer } from '../../../../src/adapters/models/external/trainer.ts';
import type { TrainingExample } from '../../../../src/domain/examples.ts';
import { RunningBot } from '../../../bot/running-bot.ts';
import { JOB, lessons, optionsOf, orderFor, place, plainNode, script, sft, train } from './training.ts';

const ANSWER = fileURLToPath(new URL('../../../../examples/trainers/plain-node/answer.js', import.meta.url));

const dpo: TrainingExample = {
  format: 'dpo',
  input: { messages: [{ role: 'user', content: 'When does it open?' }] },
  preferred_output: [{ role: 'assistant', content: 'At nine.' }],
  non_preferred_output: [{ role: 'assistant', content: 'Never.' }],
};
const kto: TrainingExample = {
  format: 'kto',
  prompt: [{ role: 'user', content: 'When does it open?' }],
  completion: [{ role: 'assistant', content: 'At nine.' }],
  label: true,
};

describe('a trainer program', () => {
  it('is named, and says what it trains from and on', async () => {
    const where = await place();
    expect(createExternalTrainer(optionsOf(where, plainNode(), { formats: ['sft'] }))).toMatchObject({
      name: 'external',
      baseModel: 'tiny-base',
      formats: ['sft'],
    });
  });

  it('learns, tells how far it is, and gives a model named by what it is made of', async () => {
    const where = await place();
    const order = await orderFor(where, lessons, { hyperparameters: { n_epochs: 30 } });
    const updates = await train(optionsOf(where, plainNode()), order);
    expect(updates.map(({ kind }) => kind)).toEqual(['started', 'progressed', 'progressed', 'succeeded']);
    const [, first, last, end] = updates;
    if (first?.kind !== 'progressed' || last?.kind !== 'progressed' || end?.kind !== 'succeeded')
      return expect.unreachable();
    expect(first).toMatchObject({ step: 1, total: 30 });
    expect(last).toMatchObject({ step: 30, total: 30, loss: end.loss });
    expect(last.loss).toBeLessThan((first.loss ?? 0) / 5);

    const out = join(where.job, 'out');
    const model = await readFile(join(out, 'model.json'));
    const sha256 = createHash('sha256').update(model).digest('hex');
    const named = `{"artifacts":[{"path":"model.json","sha256":"${sha256}"}],"base_model":"tiny-base"}`;
    expect(end.model).toBe(`external-${createHash('sha256').update(named).digest('hex')}`);
    const { stdout } = await promisify(execFile)(process.execPath, [
      ANSWER,
      join(where.directory, 'models', end.model, 'model.json'),
      'and where is the station',
    ]);
    expect(stdout).toBe('Behind the park.\n');
    expect(await readlink(join(where.directory, 'models', end.model))).toBe(`../${JOB}/out`);

    const kept: Uint8Array[] = [];
    for await (const piece of where.vault.read(end.artifact?.sha256 ?? '')) kept.push(piece);
    expect(JSON.parse(Buffer.concat(kept).toString())).toMatchObject({
      dataset_sha256: order.dataset.sha256,
      base_model: 'tiny-base',
      seed: 42,
      artifacts: [{ path: 'model.json', sha256 }],
    });
  });

  it.each([dpo, kto])('learns from $format, too', async (example) => {
    const where = await place();
    const updates = await train(optionsOf(where, plainNode()), await orderFor(where, [example]));
    expect(updates.at(-1)).toMatchObject({ kind: 'succeeded', loss: expect.any(Number) });
  });

  it('makes the same model of the same dataset and seed', async () => {
    const [one, other] = [await place(), await place()];
    const first = await train(optionsOf(one, plainNode()), await orderFor(one));
    const second = await train(optionsOf(other, plainNode()), await orderFor(other));
    expect(second.at(-1)).toMatchObject({ kind: 'succeeded', model: modelOf(first.at(-1)) });
    const seeded = await place();
    const order = await orderFor(seeded, lessons, { hyperparameters: { seed: 7 } });
    const third = await train(optionsOf(seeded, plainNode()), order);
    expect(modelOf(third.at(-1))).not.toBe(modelOf(first.at(-1)));
  });

  it('gets its arguments as they are, in its own directory, and no variable that was not allowed', async () => {
    const where = await place();
    const lines = `
      import { writeFileSync } from 'node:fs';
      writeFileSync('seen.json', JSON.stringify({ args: process.argv.slice(2), env: process.env, cwd: process.cwd() }));
      process.exit(3);`;
    const [node, path] = await script(where, lines);
    const odd = ['$HOME; rm *', "it's {base_model}\n", '--seed={seed}', '{method}', '{job_dir}'];
    const variables = {
      PATH: process.env.PATH,
      LC_ALL: 'C',
      HF_TOKEN: 'hf_of-the-operator',
      OPENAI_API_KEY: 'sk-1',
      DISCORD_TOKEN: 'discord',
      CUDA_VISIBLE_DEVICES: '0',
      LD_LIBRARY_PATH: '/lib:the-bots-own-secret',
      NODE_OPTIONS: '--no-warnings',
    };
    const passedOn = { names: ['HF_TOKEN', 'OPENAI_API_KEY'], secrets: ['the-bots-own-secret'] };
    await train(optionsOf(where, [node, path ?? '', ...odd], { variables, passedOn }), await orderFor(where));
    expect(JSON.parse(await readFile(join(where.job, 'seen.json'), 'utf8'))).toEqual({
      args: ['$HOME; rm *', "it's tiny-base\n", '--seed=42', 'sft', where.job],
      env: {
        PATH: process.env.PATH,
        LC_ALL: 'C',
        HF_TOKEN: 'hf_of-the-operator',
        CUDA_VISIBLE_DEVICES: '0',
        TRAINING_LEDGER_JOB_DIRECTORY: where.job,
      },
      cwd: where.job,
    });
  });

  it('is not started with a seed that is no number, and the command says so before anything is recorded', async () => {
    const where = await place();
    const trainer = createExternalTrainer(optionsOf(where, plainNode()));
    const bot = await RunningBot.begin({ vault: where.vault, trainer });
    const asked = { data: '{"prompt":"When?","completion":"At nine."}', hyperparameters: 'seed=abc' };
    const { ok, text } = await bot.does('tess', 'train', asked);
    expect([ok, text]).toEqual([
      false,
      'The seed abc is not a whole number; give one such as seed=42, or leave it out.',
    ]);
    expect((await bot.events()).map(({ type }) => type)).not.toContain('TrainingRequested');
    const order = await orderFor(where, undefined, { hyperparameters: { seed: '1e400' } });
    expect(await train(optionsOf(where, plainNode()), order)).toEqual([
      { kind: 'failed', reason: expect.stringContaining('The seed 1e400 is not a whole number') },
    ]);
  });

  it('may know nothing of the protocol: progress bars and printed losses are read', async () => {
    const where = await place();
    const lines = `
      let text = 'Map: 100%|##########| 2/2 [00:00<00:00, 90 examples/s]\\n';
      const bar = (step, total) => '\\r ' + step + '%|#   | ' + step + '/' + total + ' [00:05<00:41,  2.1it/s]';
      text += bar(0, 100);
      for (const [step, loss] of [[10, "'2.5'"], [20, '1.25'], [100, "'nan'"]]) {
        text += bar(step, 100);
        text += "\\r          \\r{'loss': " + loss + ", 'grad_norm': '1.2', 'learning_rate': '5e-05', 'epoch': '0.3'}\\n";
        text += bar(5, 5) + "\\n{'eval_loss': '1.1', 'epoch': '0.3'}\\n";
      }
      process.stdout.write(text + "{'train_runtime': '3.2', 'train_loss': '0.8', 'epoch': '3'}\\n");
      process.exitCode = 3;`;
    const updates = await train(optionsOf(where, await script(where, lines)), await orderFor(where));
    expect(updates.filter(({ kind }) => kind === 'progressed')).toEqual([
      { kind: 'progressed', step: 10, total: 100, loss: 2.5 },
      { kind: 'progressed', step: 100, total: 100, loss: null, evaluationLoss: 1.1 },
    ]);
  });

  it.each(['.', 'out'])('may write the log of LLaMA-Factory into %s', async (folder) => {
    const where = await place();
    const lines = `
      import { appendFileSync } from 'node:fs';
      const log = (line) => appendFileSync(process.argv[2] + '/${folder}/trainer_log.jsonl', line + '\\n');
      log('{"current_steps": 5, "total_steps": 60, "loss": 1.5, "lr": 5e-05, "epoch": 0.25, "percentage": 8.33}');
      log('{"current_steps": 60, "total_steps": 60, "eval_loss": NaN, "epoch": 3.0, "percentage": 100.0}');
      console.log("{'loss': 9.9, 'epoch': 3.0}");
      process.exit(3);`;
    const updates = await train(optionsOf(where, await script(where, lines)), await orderFor(where));
    expect(updates.filter(({ kind }) => kind === 'progressed').at(-1)).toEqual({
      kind: 'progressed',
      step: 60,
      total: 60,
      loss: null,
    });
  });

  it('tells a hundred thousand steps in a few, and never holds a line without an end', async () => {
    const where = await place();
    const lines = `
      import { writeSync } from 'node:fs';
      for (let sent = 0; sent < 20; sent++) writeSync(3, 'x'.repeat(2 ** 20));
      writeSync(3, '\\n');
      for (let step = 1; step <= 100_000; step += 10) {
        writeSync(3, Array.from({ length: 10 }, (_, add) => JSON.stringify({ kind: 'progress', step: step + add, total: 100_000, loss: 1 / (step + add) }) + '\\n').join(''));
      }
      process.exit(3);`;
    const updates = await train(optionsOf(where, await script(where, lines)), await orderFor(where));
    const steps = updates.filter((update) => update.kind === 'progressed');
    expect(steps[0]?.step).toBe(1);
    expect(steps.at(-1)).toEqual({ kind: 'progressed', step: 100_000, total: 100_000, loss: 0.00001 });
    expect(steps.length).toBeLessThan(50);
  });

  it('is not started twice for one job: what ended is told again', async () => {
    const where = await place();
    const order = await orderFor(where);
    const first = await train(optionsOf(where, plainNode()), order);
    await writeFile(join(where.job, 'out', 'model.json'), 'touched');
    const again = await train(optionsOf(where, ['/no/such/program']), {
      ...order,
      known: { file: null, reference: 'process 1' },
    });
    expect(again).toEqual(first);
  });
});

function modelOf(update: unknown): unknown {
  return typeof update === 'object' && update !== null && 'model' in update ? update.model : undefined;
}

describe('what it trains on', () => {
  it('is split by the manifest of a dataset that was built, and so are both files', async () => {
    const where = await place();
    const examples = Array.from({ length: 6 }, (_, index) => sft(`question ${index}`, `answer ${index}`));
    const order = await orderFor(where, examples);
    const entries = examples.map((_, index) => ({
      kind: 'example',
      line: index + 1,
      split: index % 3 === 0 ? 'validation' : 'train',
    }));
    const lines = [{ kind: 'dataset' }, { kind: 'left_out', reason: 'erased' }, ...entries];
    const manifest = await where.vault.put([
      Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join('')),
    ]);
    await train(optionsOf(where, plainNode()), {
      ...order,
      dataset: { ...order.dataset, manifest: manifest.sha256 },
    });
    expect(await questionsIn(join(where.job, 'train.jsonl'))).toEqual(['1', '2', '4', '5']);
    expect(await questionsIn(join(where.job, 'valid.jsonl'))).toEqual(['0', '3']);
    expect(JSON.parse(await readFile(join(where.job, 'config.json'), 'utf8'))).toMatchObject({
      dataset: { sha256: order.dataset.sha256, format: 'sft', examples: { train: 4, valid: 2 } },
      base_model: 'tiny-base',
      method: 'sft',
    });
  });

  it('is split by a hash of each line where the dataset was taken from files, the same each time', async () => {
    const examples = Array.from({ length: 200 }, (_, index) => sft(`question ${index}`, `answer ${index}`));
    const splits = [];
    for (let time = 0; time < 2; time++) {
      const where = await place();
      await train(optionsOf(where, ['/no/such/program']), await orderFor(where, examples));
      const train_ = await questionsIn(join(where.job, 'train.jsonl'));
      const valid = await questionsIn(join(where.job, 'valid.jsonl'));
      expect([...train_, ...valid].toSorted()).toEqual(examples.map((_, index) => String(index)).toSorted());
      splits.push(valid);
    }
    expect(splits[0]).toEqual(splits[1]);
    expect(splits[0]?.length).toBeGreaterThan(8);
    expect(splits[0]?.length).toBeLessThan(35);
  });
});

async function questionsIn(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8');
  return [...text.matchAll(/question (\d+)/g)].map(([, number = '']) => number);
}
