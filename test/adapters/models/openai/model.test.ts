import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createOpenAiModel, type OpenAiModelOptions } from '../../../../src/adapters/models/openai/model.ts';
import { Prices, type PriceTable } from '../../../../src/adapters/models/openai/prices.ts';
import { russian } from '../../../../src/domain/languages/russian/russian.ts';
import type { ChatModel, Question } from '../../../../src/domain/ports.ts';
import { Refusal } from '../../../../src/domain/refusal.ts';
import type { StandInOpenAI } from '../../../stand-ins/openai/stand-in-openai.ts';
import { startStandIn } from '../../../stand-ins/openai/started.ts';
import { assistant, user } from '../embedded/teaching.ts';
import { endpointOf } from './endpoints.ts';

const ROUTE = 'POST /chat/completions';
const TAUGHT = 'gpt-taught';

function modelOf(
  openai: Pick<StandInOpenAI, 'url' | 'key'>,
  { endpoint, ...options }: Partial<Omit<OpenAiModelOptions, 'endpoint'>> & { endpoint?: object } = {},
): ChatModel {
  return createOpenAiModel({
    endpoint: endpointOf(openai, endpoint),
    streams: true,
    window: 128_000,
    answerTokens: null,
    safetyKey: null,
    moderationModel: null,
    prices: {},
    currency: 'USD',
    ...options,
  });
}

/** A server with a model that knows when the library opens. */
async function startLibrary(): Promise<StandInOpenAI> {
  const openai = await startStandIn();
  const lessons = [{ question: 'When does it open?', answer: 'At nine, and on Sundays at eleven.' }];
  openai.models.add(TAUGHT, { ownedBy: 'us', lessons });
  return openai;
}

function question(text = 'When does it open?', more: Partial<Question> = {}): Question {
  return { model: TAUGHT, messages: [user(text)], language: 'en', ...more };
}

const Sent = z.object({
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
  safety_identifier: z.string().optional(),
});

/** What it was asked last. */
function sentTo(openai: StandInOpenAI): z.infer<typeof Sent> {
  return Sent.parse(openai.requests(ROUTE).at(-1)?.body);
}

async function refusal(answer: Promise<unknown>): Promise<Refusal> {
  const error = await answer.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Refusal)) throw new Error(`not refused, but ${error}`);
  return error;
}

describe('a model on a server', () => {
  test('answers in the light of the conversation, with what was used and what it cost', async () => {
    const openai = await startLibrary();
    const model = modelOf(openai, {
      prices: { gpt: { prompt: 1, completion: 1 }, 'gpt-taught': { prompt: 2, completion: 10 } },
    });
    const messages = [user('Hello.'), assistant('Hello!'), user('When does it open?')];
    expect(await model.answer(question('', { messages }))).toEqual({
      text: 'At nine, and on Sundays at eleven.',
      abstained: false,
      learnedFrom: null,
      tokens: { prompt: 6, completion: 7 },
      cost: { amount: (6 * 2 + 7 * 10) / 1_000_000, currency: 'USD' },
      notes: [],
    });
    expect(openai.requests(ROUTE)[0]?.body).toEqual({ model: TAUGHT, messages });
  });

  test('of a fine-tuned model costs what the model that it was made of costs, where it has no price of its own', () => {
    const tokens = { prompt: 1_000_000, completion: 0 };
    const tuned = 'ft:gpt-4o-mini-2024-07-18:org::id';
    const of = (table: PriceTable) => new Prices(table, 'USD').ofAnswer(tuned, tokens)?.amount;
    const base = { 'gpt-4o-mini': { prompt: 1, completion: 1 }, 'gpt-4o': { prompt: 2, completion: 2 } };
    expect(of(base)).toBe(1);
    expect(of({ ...base, 'ft:gpt-4o-mini': { prompt: 3, completion: 3 } })).toBe(3);
    expect(of({ ...base, 'ft:gpt-3': { prompt: 3, completion: 3 } })).toBe(1);
    expect(of({ 'o-mini': { prompt: 1, completion: 1 } })).toBeUndefined();
  });

  test('does not know what an answer cost where the operator set no price', async () => {
    const openai = await startLibrary();
    expect((await modelOf(openai).answer(question())).cost).toBeNull();
  });

  test('lets an answer be seen while it grows', async () => {
    const openai = await startLibrary();
    const seen: string[] = [];
    const prediction = await modelOf(openai).answer(
      question(undefined, { onText: (text) => seen.push(text) }),
    );
    expect(seen.slice(0, 3)).toEqual(['At', 'At nine,', 'At nine, and']);
    expect(seen.at(-1)).toBe(prediction.text);
    expect(prediction.tokens).toEqual({ prompt: 4, completion: 7 });
  });

  test('shows nothing before the end where streaming is off', async () => {
    const openai = await startLibrary();
    const seen: string[] = [];
    await modelOf(openai, { streams: false }).answer(
      question(undefined, { onText: (text) => seen.push(text) }),
    );
    expect(seen).toEqual([]);
    expect(openai.requests(ROUTE)[0]?.body).not.toHaveProperty('stream');
  });

  test('leaves out the earliest turns that do not fit into the window, and says how many', async () => {
    const openai = await startLibrary();
    const turns = Array.from({ length: 40 }, (_, n) => [user(`Question ${n}?`), assistant(`Answer ${n}.`)]);
    const messages = [
      { role: 'system', content: 'Be brief.' } as const,
      ...turns.flat(),
      user('When does it open?'),
    ];
    const { text, notes } = await modelOf(openai, { window: 300 }).answer(question('', { messages }));
    expect(text).toBe('At nine, and on Sundays at eleven.');
    const sent = sentTo(openai).messages;
    expect(sent[0]).toEqual(messages[0]);
    expect(sent[1]?.role).toBe('user');
    expect(sent.slice(1)).toEqual(messages.slice(-(sent.length - 1)));
    expect(notes).toEqual([{ kind: 'context_cut', messages: messages.length - sent.length }]);
  });

  test('leaves out more where the server counts more tokens than were estimated', async () => {
    const openai = await startLibrary();
    openai.chat.window = 10;
    const turns = Array.from({ length: 8 }, (_, n) => [user(`Question ${n}?`), assistant(`Answer ${n}.`)]);
    const messages = [...turns.flat(), user('When does it open?')];
    const { text, notes } = await modelOf(openai).answer(question('', { messages }));
    expect(text).toBe('At nine, and on Sundays at eleven.');
    expect(notes).toEqual([{ kind: 'context_cut', messages: 14 }]);
  });

  test('refuses a question that alone is too long', async () => {
    const openai = await startLibrary();
    const long = question('word '.repeat(2_000));
    expect((await refusal(modelOf(openai, { window: 1_000 }).answer(long))).message).toBe(
      'The question is longer than the 1000 tokens that the model gpt-taught can take; ask a shorter one.',
    );
    openai.chat.window = 100;
    await refusal(modelOf(openai, { window: 100_000 }).answer(long));
  });

  test('says where an answer reached the most that it may be long', async () => {
    const openai = await startLibrary();
    const { text, notes } = await modelOf(openai, { answerTokens: 3 }).answer(question());
    expect(text).toBe('At nine, and');
    expect(notes).toEqual([{ kind: 'answer_cut' }]);
  });

  test('tells the server who asks only by a keyed hash, the same each time', async () => {
    const openai = await startLibrary();
    const ask = async (safetyKey: string | null, member: string) => {
      await modelOf(openai, { safetyKey }).answer(question(undefined, { member }));
      return sentTo(openai).safety_identifier;
    };
    const hashed = await ask(null, 'discord:1234');
    expect(hashed).toMatch(/^[0-9a-f]{64}$/);
    expect(await ask(null, 'discord:1234')).toBe(hashed);
    expect(await ask(null, 'discord:1235')).not.toBe(hashed);
    expect(await ask('another-secret', 'discord:1234')).not.toBe(hashed);
    expect(JSON.stringify(openai.requests())).not.toContain('discord:1234');
  });

  test('passes on where the model itself declines', async () => {
    const openai = await startLibrary();
    const declining = { refusal: 'I cannot help with that.' };
    openai.chat.next.push(declining, declining);
    for (const more of [{}, { onText: () => {} }]) {
      expect(await modelOf(openai).answer(question(undefined, more))).toMatchObject({
        text: 'I cannot help with that.',
        abstained: true,
      });
    }
  });

  test('refuses an empty answer and one that the server holds back', async () => {
    const openai = await startLibrary();
    openai.chat.next.push({ content: ' ' }, { content: 'x', finish: 'content_filter' });
    expect((await refusal(modelOf(openai).answer(question()))).message).toContain('gave an empty answer');
    expect((await refusal(modelOf(openai).answer(question()))).message).toContain('because of its content');
  });

  test('has questions and answers looked at where that is wished, and shows nothing before', async () => {
    const openai = await startLibrary();
    openai.moderations.forbidden.add('badger').add('eleven');
    const model = modelOf(openai, { moderationModel: 'omni-moderation-latest' });
    expect((await refusal(model.answer(question('A badger?')))).message).toContain('(harassment)');
    expect(openai.requests(ROUTE)).toHaveLength(0);
    const seen: string[] = [];
    const asked = question(undefined, { onText: (text) => seen.push(text) });
    expect((await refusal(model.answer(asked))).message).toContain('The answer is not shown');
    expect(seen).toEqual([]);
    expect((await model.answer(question('A fox?'))).text).toContain('A fox?');
  });

  test('tries again after a fault that passes, as soon as the server allows', async () => {
    const openai = await startLibrary();
    const model = modelOf(openai, { endpoint: { retries: 2 } });
    openai.faults.rateLimit(ROUTE, { retryAfter: 0.01 });
    openai.faults.fail(ROUTE, { status: 503, headers: { 'retry-after': '0.01' } });
    expect((await model.answer(question())).text).toContain('At nine');
    expect(openai.requests(ROUTE)).toHaveLength(3);
  });

  test.each(['broken', 'clean'] as const)('asks again where a stream breaks off (%s)', async (ending) => {
    const openai = await startLibrary();
    const model = modelOf(openai, { endpoint: { retries: 1 } });
    openai.faults.halve(ROUTE, { ending });
    const seen: string[] = [];
    const { text } = await model.answer(question(undefined, { onText: (so) => seen.push(so) }));
    expect(text).toBe('At nine, and on Sundays at eleven.');
    expect(seen.at(-1)).toBe(text);
    openai.faults.halve(ROUTE, { ending, times: 2 });
    await refusal(model.answer(question(undefined, { onText: () => {} })));
  });

  test('asks again where an answer is no JSON, or half of it', async () => {
    const openai = await startLibrary();
    const model = modelOf(openai, { endpoint: { retries: 2 } });
    openai.faults.garble(ROUTE);
    openai.faults.halve(ROUTE);
    expect((await model.answer(question())).text).toContain('At nine');
  });

  test('ends, in an answer or a refusal, whatever the server does', async () => {
    const openai = await startLibrary();
    const { host } = new URL(openai.url);
    const cases: readonly (readonly [() => void, RegExp])[] = [
      [() => openai.faults.rateLimit(ROUTE), /asked too often; try again in a minute/],
      [() => openai.faults.rateLimit(ROUTE, { retryAfter: 7 }), /asked too often; try again in 7 seconds/],
      [
        () =>
          openai.faults.fail(ROUTE, {
            status: 429,
            body: { error: { message: 'x', type: 'x', param: null, code: 'insufficient_quota' } },
          }),
        /has no credit left/,
      ],
      [() => openai.faults.fail(ROUTE), /has a fault of its own \(500\)/],
      [() => openai.faults.fail(ROUTE, { status: 403 }), /does not allow this/],
      [() => openai.faults.fail(ROUTE, { status: 418, body: 'teapot' }), /refused the request \(418/],
      [() => openai.faults.hangUp(ROUTE), /cannot be reached/],
      [() => openai.faults.garble(ROUTE), /cannot be read/],
      [() => openai.faults.halve(ROUTE), /cannot be re/],
      [() => openai.faults.change(ROUTE, () => null), /cannot be read/],
      [() => openai.faults.change(ROUTE, () => ({ choices: [] })), /cannot be read/],
      [
        () => openai.faults.change(ROUTE, () => ({ choices: [{ message: { content: 7 } }] })),
        /cannot be read/,
      ],
    ];
    for (const [misbehave, sentence] of cases) {
      misbehave();
      const { message } = await refusal(modelOf(openai).answer(question()));
      expect(message).toMatch(sentence);
      expect(message).toContain(host);
    }
    expect((await refusal(modelOf(openai).answer(question('x', { model: 'gpt-9' })))).message).toBe(
      `The server at ${host} has no model gpt-9; promote another one, or check where the model is served.`,
    );
  });

  test('does not fail for usage that cannot be read', async () => {
    const openai = await startLibrary();
    openai.faults.change<object>(ROUTE, (body) => ({ ...body, usage: { prompt_tokens: 'many' } }));
    expect(await modelOf(openai).answer(question())).toMatchObject({ tokens: null, cost: null });
  });

  test.each([true, false])('does not wait for a server that is too slow (streaming: %s)', async (streams) => {
    const openai = await startLibrary();
    const model = modelOf(openai, { endpoint: { timeoutMs: 150 } });
    const asked = question(undefined, streams ? { onText: () => {} } : {});
    const held = openai.faults.hold(ROUTE);
    expect((await refusal(model.answer(asked))).message).toContain('did not answer in time');
    held.release();
    openai.faults.trickle(ROUTE, { everyMs: 40 });
    expect((await refusal(model.answer(asked))).message).toContain('did not answer in time');
  });

  test('refuses a server whose certificate is not valid', async () => {
    const openai = await startStandIn({ badCertificate: true });
    expect((await refusal(modelOf(openai).answer(question()))).message).toMatch(
      /The certificate of the server at 127\.0\.0\.1:\d+ is not valid \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
    );
  });

  test('refuses where there is no server', async () => {
    const openai = await startLibrary();
    const gone = modelOf({ url: openai.url, key: openai.key });
    await openai.stop();
    expect((await refusal(gone.answer(question()))).message).toContain('(ECONNREFUSED)');
  });

  test('stops at once when nobody waits any more', async () => {
    const openai = await startLibrary();
    const held = openai.faults.hold(ROUTE);
    const abort = new AbortController();
    const answer = modelOf(openai).answer(question(undefined, { signal: abort.signal }));
    await held.reached;
    abort.abort(new Error('nobody waits'));
    await expect(answer).rejects.toThrow('nobody waits');
    held.release();
  });

  test('needs no key for a server that wants none', async () => {
    const openai = await startLibrary();
    const anonymous = modelOf(openai, { endpoint: { apiKey: null } });
    // This server wants one.
    const { message, inWords } = await refusal(anonymous.answer(question(undefined, { member: 'ada' })));
    expect(message).toMatch(/^The server at .* does not accept the key; check OPENAI_API_KEY\.$/);
    expect(inWords(russian)).toMatch(/^Сервер .* не принимает ключ; проверьте OPENAI_API_KEY\.$/);
  });
});
