/**
 * A trainer in plain Node that speaks the protocol trainer/1 and learns, in seconds, which answer belongs to which
 * question. README.md beside it says how to use it; docs/trainers/protocol.md explains the protocol.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { evaluate, learnOnce, randomFrom } from './learning.js';
import { Model } from './model.js';

const BAD_CONFIGURATION = 2;
const BAD_DATASET = 3;
const PROTOCOL_DESCRIPTOR = 3;
const RATE = 2;

const { values: given } = parseArgs({
  options: {
    train: { type: 'string' },
    valid: { type: 'string' },
    'base-model': { type: 'string' },
    method: { type: 'string' },
    out: { type: 'string' },
    seed: { type: 'string' },
    config: { type: 'string' },
    /** For trying it out: how long each epoch takes at least. */
    'epoch-ms': { type: 'string', default: '0' },
  },
});
const missing = ['train', 'base-model', 'method', 'out', 'seed'].filter((name) => given[name] === undefined);
if (missing.length > 0) end(BAD_CONFIGURATION, `missing: ${missing.map((name) => `--${name}`).join(' ')}`);
if (!['sft', 'dpo', 'kto'].includes(given.method)) end(BAD_CONFIGURATION, `no method ${given.method}`);

const config = given.config === undefined ? {} : JSON.parse(readFileSync(given.config, 'utf8'));
const epochs = Number(config.hyperparameters?.n_epochs ?? 20);
if (!Number.isInteger(epochs) || epochs < 1) end(BAD_CONFIGURATION, 'n_epochs must be a whole number from 1');

say({ kind: 'hello', protocol: 'trainer/1', trainer: 'plain-node' });
const train = readExamples(given.train);
const valid = given.valid === undefined ? [] : readExamples(given.valid);
if (train.length === 0) end(BAD_DATASET, 'there is nothing to learn');

const model = new Model();
const random = randomFrom(Number(given.seed));
let loss = evaluate(model, given.method, train);
for (let epoch = 1; epoch <= epochs; epoch++) {
  loss = learnOnce(model, given.method, train, RATE, random);
  const eval_loss = evaluate(model, given.method, valid);
  say({ kind: 'progress', step: epoch, total: epochs, loss, eval_loss, learning_rate: RATE });
  await new Promise((resolve) => setTimeout(resolve, Number(given['epoch-ms'])));
}

mkdirSync(given.out, { recursive: true });
const content = JSON.stringify({ answers: model.answers, weights: model.weights });
writeFileSync(join(given.out, 'model.json'), content);
say({ kind: 'artifact', path: 'model.json' });
const manifest = {
  protocol: 'trainer/1',
  dataset_sha256: config.dataset?.sha256 ?? sha256(readFileSync(given.train)),
  base_model: given['base-model'],
  seed: Number(given.seed),
  tools: { 'plain-node': '1', node: process.version },
  artifacts: [{ path: 'model.json', sha256: sha256(content) }],
};
writeFileSync(join(given.out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
say({ kind: 'done', loss });

function readExamples(path) {
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  try {
    return lines.map((line) => JSON.parse(line));
  } catch (error) {
    return end(BAD_DATASET, `${path} holds a line that is not JSON (${error.message})`);
  }
}

/** On the protocol's descriptor, or, run by hand, on standard output. */
function say(line) {
  const isStartedByBot = process.env.TRAINING_LEDGER_JOB_DIRECTORY !== undefined;
  writeSync(isStartedByBot ? PROTOCOL_DESCRIPTOR : process.stdout.fd, `${JSON.stringify(line)}\n`);
}

function end(code, message) {
  say({ kind: 'error', message });
  process.exit(code);
}

function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}
