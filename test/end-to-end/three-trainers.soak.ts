import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startStandIn } from '../stand-ins/openai/started.ts';
import { eventsIn } from './ledger-file.ts';
import { id, talk, temporaryDirectory } from './talk.ts';
import { answerOf, LESSONS, LOOP, plainNodeSettings, questionOf } from './trainers.ts';

const FREE = '{"gpt":{"training":0}}';
const FAST = { OPENAI_POLL_SECONDS: '1' };

async function openAiSettings() {
  const openai = await startStandIn();
  const env = { OPENAI_BASE_URL: openai.url, OPENAI_API_KEY: openai.key, OPENAI_PRICES: FREE, ...FAST };
  return { openai, env };
}

const settingsFor = {
  embedded: async () => ({}),
  openai: async () => ({ TRAINER: 'openai', ...(await openAiSettings()).env }),
  external: async (directory: string) => ({
    TRAINER: 'external',
    ...(await plainNodeSettings(directory)),
  }),
};

describe('the loop, where only the configuration differs', () => {
  it.each(Object.entries(settingsFor))('closes with the trainer %s', async (trainer, settings) => {
    const directory = temporaryDirectory();
    const { replies } = await talk(directory, LOOP, { env: await settings(directory) });
    expect(replies.filter(({ ok }) => !ok)).toEqual([]);
    const [retrained, waited, promoted, again, history] = replies.slice(-5);
    expect(waited?.data).toMatchObject({ state: 'succeeded', trainer });
    expect(again?.data).toMatchObject({ response: answerOf('Como'), model: id(promoted, 'model') });
    const told = JSON.stringify(history?.data.lines);
    for (const part of [id(again, 'answer'), id(retrained, 'job'), `SHA-256 ${id(retrained, 'sha256')}`])
      expect(told).toContain(part);
  });
});

describe('a place that goes over to another trainer', () => {
  it('keeps its history and its models, which answer where they were made, and goes back at once', async () => {
    const directory = temporaryDirectory();
    const { env } = await openAiSettings();
    const first = await talk(
      directory,
      [...LESSONS, '!retrain', '!wait', '!promote', '!settings trainer=openai'],
      { env },
    );
    const embedded = id(first.replies.at(-2), 'model');

    const { replies } = await talk(
      directory,
      [
        questionOf('Enna'),
        '!retrain',
        '!wait',
        '!promote',
        questionOf('Enna'),
        `!test [{"prompt":"${questionOf('Foix')}","expected":"${answerOf('Foix')}"}]`,
        '!rollback',
        questionOf('Enna'),
        '!settings trainer=embedded',
        '!history limit=100',
      ],
      { env },
    );
    expect(replies.filter(({ ok }) => !ok)).toEqual([]);
    const [before, , , promoted, after, tested, rolledBack, again, , history] = replies;
    expect(before?.data).toMatchObject({ model: embedded, response: answerOf('Enna') });
    expect(after?.data).toMatchObject({ model: id(promoted, 'model'), response: answerOf('Enna') });
    expect(id(promoted, 'model')).toMatch(/^ft:/);
    expect(tested?.data).toMatchObject({ score: 1, model: id(promoted, 'model') });
    expect(rolledBack?.data).toMatchObject({ model: embedded });
    expect(again?.data).toMatchObject({ model: embedded, response: answerOf('Enna') });
    expect(JSON.stringify(history?.data).includes(`promoted model ${embedded.slice(0, 17)}`)).toBe(true);

    // Without the server its models are still known, and whoever asks is told what is missing.
    const [promotedAgain, unanswered, stillHere] = (
      await talk(directory, [`!promote ${id(promoted, 'model')}`, questionOf('Enna'), '!rollback'])
    ).replies;
    expect(promotedAgain?.ok === false || unanswered?.ok === false).toBe(true);
    expect(`${promotedAgain?.text} ${unanswered?.text}`).toMatch(
      /made by the trainer openai, which is not set up/,
    );
    expect(stillHere?.command).toBe('rollback');
  });
});

describe('a training that costs money', () => {
  it('is shown first, starts when it is confirmed, and only once', async () => {
    const directory = temporaryDirectory();
    const { openai, env } = await openAiSettings();
    const paid = {
      ...env,
      TRAINER: 'openai',
      OPENAI_PRICES: '{"gpt":{"prompt":1,"completion":2,"training":3}}',
    };
    const { replies } = await talk(
      directory,
      [
        ...LESSONS,
        '!retrain epochs=2',
        '!jobs',
        '!train last confirm=true epochs=2',
        '!train last confirm=true epochs=2',
        '!wait',
        '!train data={"prompt":"a","completion":"b"} confirm=true',
        '!train last hyperparameters="speed=9"',
      ],
      { env: paid },
    );
    const [asked, none, started, same, waited, tooFew, strange] = replies.slice(LESSONS.length);
    expect(asked?.text).toMatch(
      /The trainer openai would train gpt-4o-mini-2024-07-18 \(supervised\) on \d+ examples.*about \d+ tokens in 2 epochs, for about 0\.\d+ USD\.\nNothing has been started; !train [0-9a-f]{8} confirm=[0-9a-f]{8}-[0-9a-f]{8} hyperparameters="n_epochs=2" starts it\./,
    );
    expect(none?.data.jobs).toEqual([]);
    expect(id(same, 'job')).toBe(id(started, 'job'));
    expect(waited?.data).toMatchObject({ state: 'succeeded', cost: { currency: 'USD' } });
    expect(waited?.data.trainedTokens).toBeGreaterThan(0);
    expect(tooFew?.ok).toBe(false);
    expect(tooFew?.text).toMatch(/has 1 example to train on, but the server takes no fewer than 10;/);
    expect(strange?.text).toMatch(/There is no hyperparameter speed/);
    const recorded = eventsIn(directory);
    expect(recorded).toContainEqual(
      expect.objectContaining({
        type: 'PredictionMade',
        data: expect.objectContaining({ cost: { amount: expect.any(Number), currency: 'USD' } }),
      }),
    );
    expect(recorded.filter(({ type }) => type === 'TrainingRequested')).toMatchObject([
      { data: { hyperparameters: { n_epochs: 2 }, baseModel: 'gpt-4o-mini-2024-07-18' } },
    ]);
    const made = openai.requests('POST /fine_tuning/jobs');
    expect(made).toHaveLength(1);
    // Members are told to the server by nothing that leads back to them, and the key is nowhere.
    const chats = openai.requests('POST /chat/completions');
    for (const { body } of chats)
      expect(body).toMatchObject({ safety_identifier: expect.stringMatching(/^[0-9a-f]{64}$/) });
    for (const file of ['ledger.sqlite', 'ledger.sqlite-wal', 'read-models.sqlite'])
      expect(contentOf(join(directory, file)).includes(openai.key)).toBe(false);
    expect(JSON.stringify(replies)).not.toContain(openai.key);
  });
});

describe('an answer for which a conversation was too long', () => {
  it('says so, and how much of it had no part', async () => {
    const { env } = await openAiSettings();
    const long = (word: string) => `Say ${word}: ${'a rather long story about it, '.repeat(12)}`;
    const { replies } = await talk(temporaryDirectory(), ['one', 'two', 'three'].map(long), {
      env: { ...env, TRAINER: 'openai', OPENAI_CONTEXT_TOKENS: '600', OPENAI_ANSWER_TOKENS: '200' },
    });
    expect(replies.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(replies[2]?.text).toMatch(
      /earliest messages? of this conversation did not fit into the model's window/,
    );
    expect(replies[2]?.data).toMatchObject({ notes: [{ kind: 'context_cut' }] });
  });
});

describe('a trainer program', () => {
  it('gets no key of any server, whatever it is named to get', async () => {
    const directory = temporaryDirectory();
    const spy = join(directory, 'spy.mjs');
    writeFileSync(
      spy,
      "import { writeFileSync } from 'node:fs';\nwriteFileSync(process.argv[2], JSON.stringify(process.env));\nconsole.error(process.env.PATH);\nprocess.exit(3);\n",
    );
    const seen = join(directory, 'seen.json');
    const { openai, env } = await openAiSettings();
    const second = { base_url: openai.url, api_key_variable: 'SECOND_KEY', model: 'gpt-4o-mini' };
    const { replies } = await talk(directory, [...LESSONS.slice(0, 2), '!retrain', '!wait'], {
      env: {
        ...env,
        TRAINER: 'external',
        TRAINER_COMMAND: JSON.stringify([process.execPath, spy, seen]),
        TRAINER_ENVIRONMENT: 'SECOND_KEY,HARMLESS',
        BASE_MODEL: 'gpt-4o-mini',
        ENDPOINTS: JSON.stringify({ second }),
        SECOND_KEY: 'sk-second-0123456789',
        HARMLESS: 'yes',
      },
    });
    expect(replies.at(-1)?.data).toMatchObject({ state: 'failed', trainer: 'external' });
    const environment = JSON.parse(readFileSync(seen, 'utf8'));
    expect(environment).toMatchObject({ HARMLESS: 'yes' });
    expect(JSON.stringify(environment)).not.toMatch(/sk-/);
  });
});

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
