import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fillCommand, parseCommand } from '../../../../src/adapters/models/external/command-template.ts';
import { externalTrainerSettings } from '../../../../src/adapters/models/external/settings.ts';

const values = {
  train: '/j/train.jsonl',
  valid: '/j/valid.jsonl',
  base_model: 'a {seed} model',
  method: 'sft',
  out: '/j/out',
  seed: '42',
  config: '/j/config.json',
  job_dir: '/j',
};

describe('TRAINER_COMMAND', () => {
  const { schema } = externalTrainerSettings.trainerCommand;

  it('is words, or a JSON array where an argument has a space in it', () => {
    expect(parseCommand('python /srv/train.py  --data={train} ', '/')).toEqual([
      'python',
      '/srv/train.py',
      '--data={train}',
    ]);
    const array = '["/opt/my trainer","{out}","{\\"a\\":1}"]';
    expect(parseCommand(array, '/')).toEqual(['/opt/my trainer', '{out}', '{"a":1}']);
    expect(schema.parse(array)).toBe(array);
    expect(schema.parse(undefined)).toBeUndefined();
    expect(schema.parse('')).toBeUndefined();
  });

  it('names its program by a path from the directory of the bot', () => {
    expect(parseCommand('./train.sh {train}', '/srv/bot')).toEqual([resolve('/srv/bot/train.sh'), '{train}']);
  });

  it.each(['[]', '[""]', '["a",1]', '["a"', 'train {trian}', '["train","--in={input}"]'])(
    'is not %s',
    (text) => {
      expect(schema.safeParse(text).success).toBe(false);
    },
  );

  it('gets each placeholder filled once, and what is no placeholder stays', () => {
    const template = parseCommand(
      '["t","{base_model}","{train}:{valid}","{\\"x\\":{}}","{job_dir}/{method}"]',
      '/',
    );
    expect(fillCommand(template, values)).toEqual([
      't',
      'a {seed} model',
      '/j/train.jsonl:/j/valid.jsonl',
      '{"x":{}}',
      '/j/sft',
    ]);
  });
});

describe('the other settings of a trainer program', () => {
  it('have usual values', () => {
    const { trainerFormats, trainerEnvironment, trainerTimeLimitHours, trainerStopSeconds, trainerAttempts } =
      externalTrainerSettings;
    expect(trainerFormats.schema.parse(undefined)).toEqual(['sft', 'dpo']);
    expect(trainerEnvironment.schema.parse(undefined)).toEqual([]);
    expect(trainerTimeLimitHours.schema.parse(undefined)).toBe(72);
    expect(trainerStopSeconds.schema.parse(undefined)).toBe(30);
    expect(trainerAttempts.schema.parse(undefined)).toBe(3);
  });

  it.each(['OPENAI_API_KEY', 'discord_token', 'HF_TOKEN,DISCORD_TOKEN', 'A-B'])(
    'do not pass on %s',
    (names) => {
      expect(externalTrainerSettings.trainerEnvironment.schema.safeParse(names).success).toBe(false);
    },
  );

  it('pass on what is named', () => {
    expect(externalTrainerSettings.trainerEnvironment.schema.parse('HF_TOKEN, WANDB_API_KEY')).toEqual([
      'HF_TOKEN',
      'WANDB_API_KEY',
    ]);
  });
});
