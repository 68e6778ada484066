import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { modalOf, requestOf } from '../../../../src/adapters/discord/interactions/forms.ts';
import { languages } from '../../../../src/domain/languages/languages.ts';
import type { Form } from '../../../../src/domain/surface.ts';
import { ShownModal } from '../../../stand-ins/discord/view/modal.ts';
import { reply } from './fake-bot.ts';
import { serving } from './serving.ts';

const answer = randomUUID();

const correction: Form = {
  title: 'Correct this reply',
  fields: [
    { option: 'question', label: 'The question', value: 'When?', required: false },
    { option: 'text', label: 'The better answer', value: 'At ten.', required: true },
  ],
  request: { command: 'correct', options: { answer } },
};

async function withFormButton(form: Form = correction, dependencies: Parameters<typeof serving>[1] = {}) {
  const served = await serving(undefined, dependencies);
  const request = { command: 'correct', options: { answer } };
  const fix = { label: '✏️', emoji: null, style: 'secondary', kind: 'form', request } as const;
  served.bot.answers = () => reply('At ten.', { actions: [fix] });
  served.bot.forms = async () => ({ form });
  const message = await served.ann.uses('list').reply();
  served.bot.heard.length = 0;
  return { ...served, button: message.button('✏️') };
}

test('a button shows the form, filled in, and what is handed in is carried out with what it was about', async () => {
  const { ann, bot, button } = await withFormButton();
  const modal = await ann.presses(button).modal();
  expect(modal.title).toBe('Correct this reply');
  expect(modal.labels).toEqual(['The question', 'The better answer']);
  expect(modal.prefilled('The question')).toBe('When?');
  bot.answers = () => reply('Recorded.');
  const submitted = ann.submits(modal, { 'The better answer': 'At nine.\nOn Sundays at eleven.' });
  expect((await submitted.reply()).content).toBe('Recorded.');
  expect(bot.heard.map(({ id, input, origin }) => ({ id, input, origin })).at(-1)).toEqual({
    id: submitted.record.id,
    input: {
      kind: 'command',
      name: 'correct',
      options: { answer, question: 'When?', text: 'At nine.\nOn Sundays at eleven.' },
    },
    origin: 'interaction',
  });
});

test('a field that is left empty is no option at all', async () => {
  const { ann, bot, button } = await withFormButton();
  const modal = await ann.presses(button).modal();
  await ann.submits(modal, { 'The question': '' }).reply();
  expect(bot.heard.at(-1)?.input).toEqual({
    kind: 'command',
    name: 'correct',
    options: { answer, text: 'At ten.' },
  });
});

test('a text that does not fit into a field is not cut: the field stays empty and says so', async () => {
  const tooLong = 'x'.repeat(4_001);
  const fields = correction.fields.map((field) => ({ ...field, value: tooLong }));
  const { ann, bot, button } = await withFormButton({ ...correction, fields });
  const modal = await ann.presses(button).modal();
  expect(modal.prefilled('The question')).toBe('');
  expect(modal.modal.components).toMatchObject([
    { component: { placeholder: 'Too long to stand here; it stays as it is where this is left empty.' } },
    { component: { placeholder: 'Too long to stand here; write it anew, shorter.' } },
  ]);
  await ann.submits(modal, { 'The better answer': 'At nine.' }).reply();
  expect(bot.heard.at(-1)?.input).toMatchObject({ options: { answer, text: 'At nine.' } });
});

test('a form may be filled to its limits, and what is handed in arrives to the letter', async () => {
  const fields = Array.from({ length: 5 }, (_, number) => ({
    option: `option${number}`,
    label: `A label that is longer than the forty-five characters of a form (${number})`,
    value: '😀'.repeat(2_000),
    required: true,
  }));
  const { ann, bot, button } = await withFormButton({ ...correction, title: 'A title '.repeat(20), fields });
  const modal = await ann.presses(button).modal();
  const everything = '`@everyone` **'.repeat(285).padEnd(4_000, '*');
  const filled = Object.fromEntries(fields.map(({ option }) => [option, everything]));
  await ann.submits(modal, filled).reply();
  expect(bot.heard.at(-1)?.input).toMatchObject({ options: { ...filled, answer } });
});

test('a refusal instead of a form is told to the person alone', async () => {
  const { ann, bot, button } = await withFormButton();
  bot.forms = async () => ({
    reply: reply('There is no answer with this id.', { ok: false, isPrivate: true }),
  });
  const told = await ann.presses(button).reply();
  expect(told).toMatchObject({ content: 'There is no answer with this id.', isEphemeral: true });
});

test('a form that takes too long is given up in time, with a sentence', async () => {
  const { ann, bot, button, rejected } = await withFormButton(correction, { thinkingMs: 20 });
  const slow = Promise.withResolvers<never>();
  bot.forms = () => slow.promise;
  const told = await ann.presses(button).reply();
  expect(told.content).toContain('too busy to show the form in time');
  expect(told.isEphemeral).toBe(true);
  slow.reject(new Error('after nobody waited any more'));
  await ann.uses('list').reply();
  expect(rejected).toEqual([]);
});

test('a form that was opened before another version came is answered in a sentence', async () => {
  const { ann, bot, button } = await withFormButton();
  const modal = await ann.presses(button).modal();
  bot.heard.length = 0;
  for (const forged of ['2scorrect', '1rcorrect', 'correct', '1scorrect:answer~x']) {
    const shown = new ShownModal(modal.trigger, { ...modal.modal, custom_id: forged });
    const told = await ann.submits(shown, {}).reply();
    expect(told.content).toContain('I do not know this form');
    expect(told.isEphemeral).toBe(true);
  }
  expect(bot.heard).toEqual([]);
});

describe('what a form is about', () => {
  const words = languages.en.interactions;

  function handedIn(form: Form) {
    const modal = modalOf(form, words);
    if (modal === null) return null;
    const fields = modal.components.flatMap((one) => ('component' in one ? [one.component] : []));
    const filled = fields.map((field) => ({
      customId: 'custom_id' in field ? field.custom_id : '',
      value: 'v',
    }));
    const lengths = [modal.custom_id, ...filled.map(({ customId }) => customId)].map(({ length }) => length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(100);
    return requestOf(modal.custom_id, filled);
  }

  test('comes back whole, however many ids that are', () => {
    const hash = (of: string) => createHash('sha256').update(of).digest('hex');
    const options = { from: hash('a'), to: hash('b'), answer, model: `embedded-${hash('c')}` };
    const request = { command: 'select_dataset', options };
    const fields = ['text', 'question', 'reason'].map((option) => ({
      option,
      label: option,
      value: '',
      required: true,
    }));
    expect(handedIn({ title: 'All', fields, request })).toEqual({
      command: 'select_dataset',
      options: { ...options, text: 'v', question: 'v', reason: 'v' },
    });
  });

  test('is never lost: without room for all of it there is no form', () => {
    const request = { command: 'correct', options: { answer: 'x'.repeat(99) } };
    expect(handedIn({ ...correction, request })).toBeNull();
  });
});
