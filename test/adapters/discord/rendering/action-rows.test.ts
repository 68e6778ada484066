import { ButtonStyle, ComponentType } from 'discord.js';
import { expect, test } from 'vitest';
import { actionRows } from '../../../../src/adapters/discord/rendering/action-rows.ts';
import type { Action } from '../../../../src/domain/surface.ts';

function button(text: string, action: Partial<Action> = {}): Action {
  const request = { command: 'feedback', options: { text } };
  return { label: text, emoji: null, style: 'secondary', kind: 'run', request, ...action };
}

function labels(rows: ReturnType<typeof actionRows>) {
  return rows.map(({ components }) => components.map((one) => ('label' in one ? one.label : null)));
}

test('a button says what it does by its words or its picture', () => {
  const [row] = actionRows([
    button('Promote', { style: 'success' }),
    button('+', { label: '', emoji: '👍' }),
    button('-', { label: 'No', emoji: '👎', style: 'danger' }),
  ]);
  expect(row?.components).toEqual([
    {
      type: ComponentType.Button,
      style: ButtonStyle.Success,
      label: 'Promote',
      custom_id: '1rfeedback:text=Promote',
    },
    {
      type: ComponentType.Button,
      style: ButtonStyle.Secondary,
      emoji: { name: '👍' },
      custom_id: '1rfeedback:text=+',
    },
    {
      type: ComponentType.Button,
      style: ButtonStyle.Danger,
      label: 'No',
      emoji: { name: '👎' },
      custom_id: '1rfeedback:text=-',
    },
  ]);
});

test('without actions there is no row', () => {
  expect(actionRows([])).toEqual([]);
});

test('there are at most five rows of five', () => {
  const many = Array.from({ length: 30 }, (_, number) => button(String(number)));
  expect(labels(actionRows(many.slice(0, 6)))).toEqual([['0', '1', '2', '3', '4'], ['5']]);
  expect(actionRows(many)).toHaveLength(5);
  expect(actionRows(many).flatMap(({ components }) => components)).toHaveLength(25);
});

test('what cannot be a button is left out, and the others stay', () => {
  const tooLong = button('x'.repeat(200), { label: 'Too long' });
  expect(labels(actionRows([tooLong, button('a'), button('a', { label: 'again' }), button('b')]))).toEqual([
    ['a', 'b'],
  ]);
});

test('a label is shortened to what Discord takes, at a word', () => {
  const [row] = actionRows([button('a', { label: `Promote ${'the model '.repeat(10)}` })]);
  const [one] = row?.components ?? [];
  const label = one !== undefined && 'label' in one ? one.label : undefined;
  expect(label?.length).toBeLessThanOrEqual(80);
  expect(label).toMatch(/(the|model)…$/);
});

test('what is about the same thing stands in one row, as long as there are rows enough', () => {
  const decisions = (correction: string) =>
    ['approve', 'edit', 'reject'].map((decision) =>
      button(decision, { request: { command: 'review', options: { correction, decision } } }),
    );
  const next = button('Next', { request: { command: 'review', options: { after: 'c' } } });
  const three = ['approve', 'edit', 'reject'];
  expect(labels(actionRows([...decisions('a'), ...decisions('b'), ...decisions('c'), next]))).toEqual([
    three,
    three,
    [...three, 'Next'],
  ]);
  const many = actionRows([...'abcdefg'].flatMap(decisions));
  expect(labels(many).map(({ length }) => length)).toEqual([5, 5, 5, 5, 1]);
});
