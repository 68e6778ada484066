import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { TrainingExample } from '../../../../src/domain/examples.ts';
import type { TrainingUpdate } from '../../../../src/domain/ports.ts';
import { lessons, optionsOf, orderFor, type Place, place, train } from './training.ts';

/**
 * The wrappers run for real; of the programs and libraries that they call, which need a GPU and gigabytes, there
 * are only stand-ins. So this checks what the wrappers make of the data and of the result, not that those
 * programs still take what they are given.
 */
const RECIPES = fileURLToPath(new URL('../../../../examples/trainers/python', import.meta.url));
const hasPython =
  spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0;

const preference: TrainingExample = {
  format: 'dpo',
  input: { messages: [{ role: 'user', content: 'When?' }] },
  preferred_output: [{ role: 'assistant', content: 'At nine.' }],
  non_preferred_output: [{ role: 'assistant', content: 'Never.' }],
};
const prompt = [{ role: 'user', content: 'When?' }];
const chosen = { role: 'assistant', content: 'At nine.' };
const rejected = { role: 'assistant', content: 'Never.' };

/** A stand-in for each program: it notes what it was given and leaves an adapter where the last argument says. */
const PROGRAM = `#!${process.execPath}
  const { readFileSync, writeFileSync } = require('node:fs');
  const args = process.argv.slice(2);
  const value = (name) => args[args.indexOf(name) + 1];
  const isMlx = args.includes('--train');
  const config = isMlx ? null : JSON.parse(readFileSync(args[1], 'utf8'));
  const out = isMlx ? value('--adapter-path') : config.output_dir;
  writeFileSync('given.json', JSON.stringify({ args, config }));
  writeFileSync(out + '/adapter_config.json', '{"base_model_name_or_path":"a quantized one"}');
  writeFileSync(out + (isMlx ? '/adapters.safetensors' : '/adapter_model.safetensors'), 'weights');
  if (isMlx) console.log('Iter 1: Val loss 3.100, Val took 1s\\nIter 2: Train loss 1.250, Learning Rate 1.000e-05');
  else console.log("{'loss': '0.75', 'learning_rate': '2e-4', 'epoch': '1'}");`;

/** Stand-ins for the libraries, as far as the wrappers use them. */
const LIBRARIES: Readonly<Record<string, string>> = {
  datasets: `
class Dataset:
    from_list = staticmethod(lambda lines: lines)
`,
  peft: `
class LoraConfig:
    def __init__(self, **given): pass
`,
  transformers: `
class TrainerCallback: pass
class AutoTokenizer:
    from_pretrained = staticmethod(lambda name: name)
`,
  unsloth: `
class Model:
    def apply_chat_template(self, messages, tokenize): return ' '.join(message['content'] for message in messages)
    def save_pretrained(self, out): open(out + '/adapter_config.json', 'w').write('{"base_model_name_or_path": "a quantized one"}')
class FastLanguageModel:
    from_pretrained = staticmethod(lambda **given: (Model(), Model()))
    get_peft_model = staticmethod(lambda model, **given: model)
`,
  trl: `
import json
from types import SimpleNamespace
class SFTConfig:
    def __init__(self, **given): self.given = given
DPOConfig = SFTConfig
class SFTTrainer:
    def __init__(self, train_dataset, args, callbacks, **given):
        self.callback = callbacks[0]
        json.dump({'train': train_dataset, 'args': args.given}, open('given.json', 'w'))
    def train(self):
        state = SimpleNamespace(global_step=2, max_steps=2)
        self.callback.on_log(None, state, None, logs={'loss': 0.75, 'learning_rate': 0.1})
        self.callback.on_save(None, state, None)
    def save_model(self, out):
        open(out + '/adapter_config.json', 'w').write('{"base_model_name_or_path": "a quantized one"}')
DPOTrainer = SFTTrainer
`,
};

async function run(where: Place, recipe: string, examples: readonly TrainingExample[], ...more: string[]) {
  const [programs, libraries] = [join(where.root, 'programs'), join(where.root, 'libraries')];
  await mkdir(programs);
  await mkdir(libraries);
  for (const name of ['axolotl', 'llamafactory-cli', 'mlx_lm.lora']) {
    await writeFile(join(programs, name), PROGRAM);
    await chmod(join(programs, name), 0o755);
  }
  for (const [name, content] of Object.entries(LIBRARIES)) {
    await writeFile(join(libraries, `${name}.py`), content);
  }
  const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)']).toString().trim();
  const variables = { PATH: `${programs}:${process.env.PATH}`, PYTHONPATH: libraries };
  const command: [string, ...string[]] = [
    python,
    '-B',
    join(RECIPES, recipe),
    '--config',
    '{config}',
    ...more,
  ];
  const updates = await train(optionsOf(where, command, { variables }), await orderFor(where, examples));
  const given: unknown = JSON.parse(
    await readFile(join(where.job, 'given.json'), 'utf8').catch(() => 'null'),
  );
  return { updates, given };
}

function stepsOf(updates: readonly TrainingUpdate[]) {
  return updates.filter(({ kind }) => kind === 'progressed' || kind === 'succeeded' || kind === 'failed');
}

async function adapterOf(where: Place): Promise<unknown> {
  return JSON.parse(await readFile(join(where.job, 'out', 'adapter_config.json'), 'utf8'));
}

describe.skipIf(!hasPython)('a recipe in Python', () => {
  it.each([
    [
      'trl_sft.py',
      {
        prompt: [{ role: 'user', content: 'When does the library open?' }],
        completion: [{ role: 'assistant', content: 'At nine.' }],
      },
    ],
    ['unsloth_sft.py', { text: 'When does the library open? At nine.' }],
  ])('of %s trains on questions and answers', async (recipe, first) => {
    const where = await place();
    const { updates, given } = await run(where, recipe, lessons);
    expect(stepsOf(updates)).toMatchObject([
      { kind: 'progressed', step: 2, total: 2, loss: 0.75 },
      { kind: 'succeeded', loss: 0.75 },
    ]);
    expect(given).toMatchObject({ train: expect.arrayContaining([first]), args: { seed: 42 } });
    expect(await adapterOf(where)).toEqual({ base_model_name_or_path: 'tiny-base' });
  });

  it('of TRL trains on preferences', async () => {
    const where = await place();
    const { updates, given } = await run(where, 'trl_dpo.py', [preference]);
    expect(stepsOf(updates).at(-1)).toMatchObject({ kind: 'succeeded', loss: 0.75 });
    expect(given).toMatchObject({
      train: [{ prompt, chosen: [chosen], rejected: [rejected] }],
      args: { beta: 0.1 },
    });
  });

  it('of Axolotl writes its configuration and, for preferences, its data', async () => {
    const where = await place();
    const { updates, given } = await run(where, 'run_axolotl.py', [preference]);
    expect(stepsOf(updates)).toMatchObject([{ kind: 'progressed', loss: 0.75 }, { kind: 'succeeded' }]);
    const path = join(where.job, 'axolotl-train.jsonl');
    expect(given).toMatchObject({
      args: ['train', join(where.job, 'axolotl.yml')],
      config: { base_model: 'tiny-base', rl: 'dpo', datasets: [{ path, type: 'chat_template.default' }] },
    });
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ messages: prompt, chosen, rejected });
    expect(await adapterOf(where)).toEqual({ base_model_name_or_path: 'tiny-base' });
  });

  it('of LLaMA-Factory writes its configuration, its data and what describes it', async () => {
    const where = await place();
    const { updates, given } = await run(where, 'run_llama_factory.py', [preference], '--template', 'qwen');
    expect(stepsOf(updates).at(-1)).toMatchObject({ kind: 'succeeded' });
    const data = join(where.job, 'data');
    expect(given).toMatchObject({
      config: {
        stage: 'dpo',
        template: 'qwen',
        dataset: 'train',
        dataset_dir: data,
        output_dir: join(where.job, 'out'),
      },
    });
    expect(JSON.parse(await readFile(join(data, 'train.json'), 'utf8'))).toEqual([
      { messages: prompt, chosen, rejected },
    ]);
    expect(JSON.parse(await readFile(join(data, 'dataset_info.json'), 'utf8'))).toMatchObject({
      train: { file_name: 'train.json', formatting: 'sharegpt', ranking: true },
    });
  });

  it('of mlx-lm reads its progress', async () => {
    const where = await place();
    const { updates, given } = await run(where, 'run_mlx_lm.py', lessons);
    expect(stepsOf(updates)).toMatchObject([
      { kind: 'progressed', step: 2, total: 3, loss: 1.25 },
      { kind: 'succeeded', loss: 1.25 },
    ]);
    expect(given).toMatchObject({ args: expect.arrayContaining(['--iters', '3', '--batch-size', '2']) });
  });

  it('refuses a kind of dataset that it is not for', async () => {
    const where = await place();
    const { updates } = await run(where, 'trl_sft.py', [preference]);
    expect(updates.at(-1)).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('TRL SFT is set up for sft, not for dpo'),
    });
  });
});
