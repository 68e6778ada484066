import { describe, expect, it } from 'vitest';
import { evaluationDecider } from '../../src/domain/evaluation.ts';
import { datasetLine } from '../../src/domain/examples.ts';
import { splitOf } from '../../src/domain/held-out.ts';
import { handle } from '../../src/domain/ledger.ts';
import type { ChatModel, Question, Trainer } from '../../src/domain/ports.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { streamName } from '../../src/domain/streams.ts';
import { idIn, RunningBot } from './running-bot.ts';

const QUESTIONS = 60;
const questionOf = (number: number) => `Question ${number}?`;
const answerOf = (number: number) => `The answer number ${number} is this`;
const heldOut = Array.from({ length: QUESTIONS }, (_, number) => number).filter((number) => {
  const line = datasetLine({
    format: 'sft',
    messages: [
      { role: 'user', content: questionOf(number) },
      { role: 'assistant', content: answerOf(number) },
    ],
  });
  return splitOf(line.trimEnd()) === 'validation';
});

/** Gives `model-1`, `model-2` and so on. */
function countingTrainer(): Trainer {
  let models = 0;
  return {
    name: 'counting',
    baseModel: 'base',
    formats: ['sft'],
    async *train() {
      yield { kind: 'started', reference: null };
      yield { kind: 'succeeded', model: `model-${++models}`, artifact: null, loss: null };
    },
  };
}

/** Models that know so many of the answers that were held out, and others that are gone. */
class KnowingModels implements ChatModel {
  readonly known: Record<string, number> = {};
  readonly asked: Question[] = [];
  /** After so many questions a model is gone. */
  busyAfter: { readonly model: string; questions: number } | undefined;
  #held:
    | ({ readonly model: string; questions: number } & Record<'reached' | 'over', PromiseWithResolvers<void>>)
    | undefined;

  /** Resolves when the model is asked for the nth time, which is held until it may go on. */
  asks(model: string, questions: number): Promise<void> {
    this.#held = { model, questions, reached: Promise.withResolvers(), over: Promise.withResolvers() };
    return this.#held.reached.promise;
  }

  goOn(): void {
    this.#held?.over.resolve();
  }

  async answer(question: Question) {
    this.asked.push(question);
    const held = this.#held;
    if (held?.model === question.model && --held.questions === 0) {
      held.reached.resolve();
      await held.over.promise;
    }
    const busy = this.busyAfter?.model === question.model && this.busyAfter.questions-- <= 0;
    const known = busy ? undefined : this.known[question.model];
    if (known === undefined) throw new Refusal('The server does not know it; load it first.');
    const number = Number(/\d+/.exec(question.messages.at(-1)?.content ?? '')?.[0]);
    const text = heldOut.indexOf(number) < known ? answerOf(number) : 'No idea';
    return { text, abstained: false, learnedFrom: null, tokens: null };
  }
}

async function place() {
  const models = new KnowingModels();
  const bot = await RunningBot.begin({ chatModel: models, trainer: countingTrainer() });
  const train = async (questions = QUESTIONS) => {
    const lines = Array.from({ length: questions }, (_, number) => ({
      prompt: questionOf(number),
      completion: answerOf(number),
    }));
    const { ok, text } = await bot.does('tess', 'train', { data: JSON.stringify(lines) });
    expect([ok, text]).toEqual([true, expect.any(String)]);
    await bot.bot.idle('guild');
  };
  const gate = () => bot.does('max', 'settings', { gate: 'evaluation' });
  const kinds = async () => (await bot.events()).map(({ type }) => type);
  return { bot, models, train, gate, kinds };
}

/** Earlier versions took a question that was left unanswered for one that was answered badly. */
async function recordAsEarlierVersions(bot: RunningBot): Promise<void> {
  const events = await bot.events();
  const failed = events.find((event) => event.type === 'PredictionFailed');
  const built = events.find((event) => event.type === 'DatasetSelected');
  const evaluation = failed?.data.evaluation;
  if (failed === undefined || built === undefined || typeof evaluation !== 'string')
    throw new Error('nothing was left unanswered');
  const { dataset } = built.data;
  const results = [{ answer: failed.data.answer, expected: null, matched: true }];
  const heldOut = { dataset, examples: 1, nearness: 1, active: { model: 'base', nearness: 0 } };
  await handle(
    { ledger: bot.ledger, clock: { now: () => new Date() } },
    streamName('guild', 'evaluation', evaluation),
    evaluationDecider,
    { evaluation, model: 'model-1', dataset, results, score: 1, heldOut },
    { commandId: 'earlier', actor: 'tess', scope: 'guild', channel: 'general', origin: 'console' },
  );
  await expect.poll(async () => (await bot.does('tess', 'history', { id: evaluation })).ok).toBe(true);
}

describe('a model that is to be promoted', () => {
  it('is refused where it does not answer, which a rollback never asks', async () => {
    const { bot, models, train, kinds } = await place();
    Object.assign(models.known, { base: 0, 'model-1': 0 });
    await train();
    expect((await bot.does('tess', 'promote')).ok).toBe(true);
    await train();
    const before = await kinds();
    const refused = await bot.does('tess', 'promote');
    expect([refused.ok, refused.text]).toEqual([
      false,
      'The model model-2 does not answer, so it is not promoted: The server does not know it; load it first.',
    ]);
    expect(await kinds()).toEqual(before);
    delete models.known.base;
    const asked = models.asked.length;
    expect((await bot.does('tess', 'rollback')).text).toBe(
      'Model base answers here again, in place of model-1.',
    );
    expect(models.asked).toHaveLength(asked);
  });

  it('needs to be better than the active one where the place has a gate, and its history says how it was', async () => {
    const { bot, models, train, gate } = await place();
    Object.assign(models.known, { base: 1, 'model-1': 2 });
    await gate();
    await train();
    const promoted = await bot.does('tess', 'promote', { reason: 'it knows more' });
    expect(promoted.text).toBe('Model model-1 answers here from now on, in place of base.');
    const evaluation = idIn(promoted, 'evaluation').slice(0, 8);
    const share = (known: number) => `${((known / heldOut.length) * 100).toFixed(1)} %`;
    const history = (await bot.does('tess', 'history', { id: 'model-1' })).text;
    expect(history).toContain(
      `→ evaluation ${evaluation} of model model-1 on ${heldOut.length} examples held out of dataset`,
    );
    expect(history).toContain(`: ${share(2)}, and the active model base ${share(1)}, run by tess`);
    expect(history).toContain(
      `promoted in place of base after evaluation ${evaluation}, because: it knows more`,
    );
    const all = await bot.does('tess', 'history');
    expect(all.text).toContain(
      `promoted model model-1 in place of model base after evaluation ${evaluation}`,
    );
  });

  it('is refused where it is no better, with both scores, and asked again only where somebody wants that', async () => {
    const { bot, models, train, gate, kinds } = await place();
    Object.assign(models.known, { base: 2, 'model-1': 2 });
    await gate();
    await train();
    const refused = await bot.does('tess', 'promote', {}, { id: 'promote-1' });
    expect(refused.ok).toBe(false);
    const share = `${((2 / heldOut.length) * 100).toFixed(1)} %`;
    expect(refused.text).toMatch(
      new RegExp(
        `^The model model-1 is not promoted, .*: on ${heldOut.length} examples held out of dataset \\w+ it scores ${share} and base ${share} \\(evaluation \\w+\\); train on .*, test it again with /evaluate model-1, or .* /settings gate=off\\.$`,
      ),
    );
    const recorded = await kinds();
    expect(recorded.filter((type) => type === 'PredictionMade')).toHaveLength(2 * heldOut.length);
    expect(recorded.filter((type) => type === 'EvaluationRun')).toHaveLength(1);
    expect(await bot.does('tess', 'promote', {}, { id: 'promote-1' })).toEqual(refused);
    expect((await bot.does('tess', 'promote')).text).toBe(refused.text);
    expect(await kinds()).toEqual(recorded);

    models.known['model-1'] = 3;
    const evaluated = await bot.does('tess', 'evaluate', { model: 'model-1' });
    expect(evaluated.data).toMatchObject({ model: 'model-1', better: true, active: { model: 'base' } });
    expect((await bot.does('tess', 'promote', {}, { locale: 'ru' })).ok).toBe(true);
  });

  it('is refused at a gate where either model leaves a question unanswered, which counts for no comparison', async () => {
    const { bot, models, train, gate, kinds } = await place();
    Object.assign(models.known, { base: 2, 'model-1': 1 });
    await gate();
    await train();
    const asks = async (id: string, model: string) => {
      const { ok, text } = await bot.does('tess', 'promote', {}, { id });
      expect([ok, text]).toEqual([
        false,
        expect.stringMatching(
          new RegExp(
            `^The model ${model} left [1-4] of \\d questions? unanswered, so the models cannot be compared; try again once it answers, or promote without a test by \\/settings gate=off\\. The reason was: The server does not know it; load it first\\.$`,
          ),
        ),
      ]);
      const recorded = await kinds();
      expect(recorded).not.toContain('EvaluationRun');
      // What was found out once is said again, and nobody is asked again.
      const asked = models.asked.length;
      expect((await bot.does('tess', 'promote', {}, { id })).text).toBe(text);
      expect(await kinds()).toEqual(recorded);
      expect(models.asked).toHaveLength(asked);
    };

    delete models.known.base;
    await asks('promote-1', 'base');
    models.known.base = 2;
    models.busyAfter = { model: 'model-1', questions: 3 };
    await asks('promote-2', 'model-1');
    models.busyAfter = undefined;
    await recordAsEarlierVersions(bot);
    // What failed says nothing of the model: it is asked anew, and is found no better.
    expect((await bot.does('tess', 'promote')).text).toMatch(/^The model model-1 is not promoted, /);
    expect((await kinds()).filter((type) => type === 'EvaluationRun')).toHaveLength(2);
  });

  it('is refused where another model has become the active one since it was tested', async () => {
    const { bot, models, train, gate } = await place();
    Object.assign(models.known, { base: 1, 'model-1': 2, 'model-2': 3 });
    await gate();
    await train();
    await train();
    const other = models.asks(`model-1`, heldOut.length);
    const promotion = bot.does('tess', 'promote', { model: 'model-1' });
    await other;
    expect((await bot.does('tess', 'promote', { model: 'model-2' })).ok).toBe(true);
    models.goOn();
    expect((await promotion).text).toBe(
      'The model model-1 was compared with base, and meanwhile model-2 has become the active one; promote it again, so that it is compared with that.',
    );
    expect((await bot.does('tess', 'promote', { model: 'model-1' })).text).toMatch(
      /is not better than the active/,
    );
  });

  it('is promoted without a test where the gate is off, by whoever may change the settings', async () => {
    const { bot, models, train, gate, kinds } = await place();
    Object.assign(models.known, { base: 1, 'model-1': 0 });
    await gate();
    await train();
    const refused = await bot.does('tess', 'promote', {}, { locale: 'ru' });
    expect(refused.text).toMatch(/^Модель model-1 не назначена.*\/настройки порог=выкл\.$/);
    expect((await bot.does('tess', 'settings', { gate: 'off' })).ok).toBe(false);
    await bot.does('max', 'settings', { gate: 'off' });
    expect((await bot.does('tess', 'promote')).ok).toBe(true);
    expect((await kinds()).filter((type) => type === 'EvaluationRun')).toHaveLength(1);
  });

  it('is refused at a gate where nothing was held out of its training', async () => {
    const { bot, models, train, gate } = await place();
    Object.assign(models.known, { base: 0, 'model-1': 9 });
    await gate();
    await train(1);
    expect((await bot.does('tess', 'promote')).text).toMatch(
      /^Of the dataset \w+ of the model model-1 nothing was held out to test it on, .*; train on more of them, or promote without a test by \/settings gate=off\.$/,
    );
  });
});

it('says of a trainer that holds nothing out that its model knows the answers', async () => {
  const bot = await RunningBot.begin();
  const lines = Array.from({ length: QUESTIONS }, (_, number) => ({
    prompt: questionOf(number),
    completion: answerOf(number),
  }));
  await bot.does('tess', 'train', { data: JSON.stringify(lines) });
  await bot.bot.idle('guild');
  const { text, data } = await bot.does('tess', 'evaluate');
  expect(data).toMatchObject({ score: 1, asked: heldOut.length, examples: heldOut.length, better: true });
  expect(text).toMatch(/The trainer of this model holds nothing out: it has learned these answers/);
});
