import { describe, expect, it } from 'vitest';
import { HuggingFaceOutput } from '../../../../src/adapters/models/external/hugging-face-output.ts';
import { readLlamaFactoryLine } from '../../../../src/adapters/models/external/llama-factory-log.ts';
import { readProtocolLine } from '../../../../src/adapters/models/external/trainer-protocol.ts';

describe('a line of the protocol trainer/1', () => {
  it.each([
    ['{"kind":"hello","protocol":"trainer/1","trainer":"trl"}', { kind: 'hello' }],
    [
      '{"kind":"progress","step":3,"total":9,"loss":0.5,"eval_loss":0.6,"learning_rate":1e-05}',
      { step: 3, loss: 0.5 },
    ],
    [
      '{"kind": "progress", "step": 3, "loss": NaN, "eval_loss": -Infinity}',
      { step: 3, loss: null, eval_loss: null },
    ],
    ['{"kind":"checkpoint","step":3,"path":"checkpoint-3"}', { kind: 'checkpoint' }],
    ['{"kind":"artifact","path":"adapter_model.safetensors"}', { kind: 'artifact' }],
    ['{"kind":"warn","message":"slow"}', { kind: 'warn' }],
    ['{"kind":"error","message":"no NaN, [NaN] or: NaN here"}', { message: 'no NaN, [NaN] or: NaN here' }],
    ['{"kind":"done"}', { kind: 'done' }],
    ['{"kind":"heartbeat","step":"later"}', { kind: 'unknown' }],
    ['{"kind":"progress","step":-1}', { kind: 'malformed' }],
    ['{"kind":"progress","step":1.5}', { kind: 'malformed' }],
    ['{"step":1}', { kind: 'malformed' }],
    ['[1]', { kind: 'malformed' }],
    ['Traceback (most recent call last):', { kind: 'malformed' }],
  ])('%s is understood, ignored or told of', (line, read) => {
    expect(readProtocolLine(line)).toMatchObject(read);
  });
});

describe("a line of LLaMA-Factory's log", () => {
  it.each([
    ['{"current_steps": 5, "total_steps": 60, "loss": 1.5, "lr": 5e-05}', { step: 5, total: 60, loss: 1.5 }],
    [
      '{"current_steps": 60, "total_steps": 60, "eval_loss": 0.9}',
      { step: 60, total: 60, loss: null, evaluationLoss: 0.9 },
    ],
    ['{"current_steps": 5, "total_steps": 60, "loss": NaN}', { step: 5, total: 60, loss: null }],
    ['{"current_steps": 5}', undefined],
    ['half a li', undefined],
  ])('%s says how far it is', (line, progress) => {
    expect(readLlamaFactoryLine(line)).toEqual(progress);
  });
});

describe("what Hugging Face's Trainer prints", () => {
  it.each([
    ["{'loss': 1.2345, 'grad_norm': 0.5, 'learning_rate': 1e-05, 'epoch': 0.1}", 1.2345],
    ["{'loss': '1.2e-05', 'epoch': '0.1'}", 1.2e-5],
    ["{'grad_norm': 'inf', 'loss': nan}", null],
  ])('%s is a loss', (line, loss) => {
    expect(new HuggingFaceOutput().read(line)).toEqual({ step: 1, total: 0, loss });
  });

  it.each([
    ["{'eval_loss': 1.1, 'eval_runtime': 0.5, 'epoch': 1.0}", 1.1],
    ["{'eval_loss': '1.2e-05'}", 1.2e-5],
  ])('%s is an evaluation of the step before', (line, evaluationLoss) => {
    const output = new HuggingFaceOutput();
    output.read("{'loss': 1.5}");
    expect(output.read(line)).toEqual({ step: 1, total: 0, loss: null, evaluationLoss });
  });

  it.each([
    "{'train_loss': 0.8, 'epoch': 3.0}",
    "{'eval_loss': nan}",
    "{'test_eval_loss': 1}",
    "the 'loss' is high",
    'loss: 3',
  ])('%s is none', (line) => {
    expect(new HuggingFaceOutput().read(line)).toBeUndefined();
  });
});
