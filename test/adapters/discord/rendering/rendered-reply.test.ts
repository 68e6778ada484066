import { describe, expect, it } from 'vitest';
import {
  type RenderContext,
  renderReply,
} from '../../../../src/adapters/discord/rendering/rendered-reply.ts';
import { languages } from '../../../../src/domain/languages/languages.ts';
import { Refusal } from '../../../../src/domain/refusal.ts';
import type { Action } from '../../../../src/domain/surface.ts';

const MEGABYTE = 1024 * 1024;
const files = new Map([
  ['exports/faq.jsonl', Buffer.from('{"prompt":"?","completion":"!"}\n')],
  ['exports/manifest.json', Buffer.from('{}')],
]);
const context: RenderContext = {
  words: languages.en,
  scope: '1',
  workspace: {
    fileOfReply: async (_, path) => {
      const content = files.get(path);
      if (content === undefined) throw new Refusal(`There is no file ${path}.`);
      return {
        path,
        bytes: content.length,
        read: async function* () {
          yield content;
        },
      };
    },
  },
  maxFileBytes: 10 * MEGABYTE,
};
const file = (path: string, bytes = files.get(path)?.length ?? 1) => ({ path, bytes, sha256: '' });
const button: Action = {
  label: 'Promote',
  emoji: null,
  style: 'success',
  kind: 'run',
  request: { command: 'promote', options: {} },
};
const render = (
  reply: { text: string; files?: ReturnType<typeof file>[]; actions?: Action[] },
  changed: Partial<RenderContext> = {},
) => renderReply({ files: [], actions: [], ...reply }, { ...context, ...changed });

describe('a reply', () => {
  it('is one message with its text, its files and its buttons', async () => {
    const [message, ...others] = await render({
      text: 'Done.',
      files: [file('exports/faq.jsonl'), file('exports/manifest.json')],
      actions: [button],
    });
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      content: 'Done.',
      files: [
        { name: 'faq.jsonl', attachment: files.get('exports/faq.jsonl') },
        { name: 'manifest.json', attachment: files.get('exports/manifest.json') },
      ],
      components: [{ components: [{ label: 'Promote' }] }],
    });
  });

  it('is up to four messages where it is long, with files and buttons at the last', async () => {
    const text = 'A sentence of some words. '.repeat(290);
    const messages = await render({ text, files: [file('exports/faq.jsonl')], actions: [button] });
    expect(messages).toHaveLength(4);
    expect(messages.map((message) => [message.files.length, message.components.length])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [1, 1],
    ]);
    expect(messages.map(({ content }) => content).join(' ')).toBe(text.trim());
  });

  it.each([
    ['reply.txt', 'A sentence of some words. '.repeat(400)],
    ['reply.md', `\`\`\`js\n${'call();\n'.repeat(2_000)}\`\`\``],
  ])('is a file, %s, where it is longer still, with its beginning as the text', async (name, text) => {
    const messages = await render({ text, actions: [button] });
    expect(messages).toHaveLength(1);
    const [message] = messages;
    expect(message?.content.length).toBeLessThanOrEqual(2_000);
    expect(message?.content.startsWith(text.slice(0, 1_500))).toBe(true);
    expect(message?.content).toMatch(new RegExp(`the whole of it is in ${name}\\)$`));
    expect(message?.files).toEqual([{ name, attachment: Buffer.from(text.trim()) }]);
    expect(message?.components).toHaveLength(1);
  });

  it('ends after a few messages where no file may be attached', async () => {
    const messages = await render({ text: 'A sentence. '.repeat(4_000) }, { maxFileBytes: null });
    expect(messages).toHaveLength(4);
    expect(messages.at(-1)?.content).toBe('…');
  });

  it('says something where a model says nothing', async () => {
    for (const text of ['', ' \n\t', '\0\u0007']) {
      expect(await render({ text })).toMatchObject([{ content: '(an empty answer)', files: [] }]);
    }
  });

  it('fits into messages whatever stands in it', async () => {
    const bombs = [
      '😀'.repeat(4_000),
      '**||__~~`'.repeat(900),
      '> '.repeat(3_900),
      '\u202e@everyone '.repeat(500),
    ];
    for (const text of bombs) {
      const messages = await render({ text });
      for (const { content } of messages) {
        expect(content.trim()).not.toBe('');
        expect([content.length <= 2_000, content.isWellFormed()]).toEqual([true, true]);
      }
    }
    expect(await render({ text: 'a\ud800b\u0000c' })).toMatchObject([{ content: 'a\ufffdbc' }]);
  });
});

describe('a file of a reply', () => {
  it.each([
    [
      'is too large for the place',
      'exports/big.zip',
      10 * MEGABYTE + 1,
      10 * MEGABYTE,
      'has 10.1 MB and cannot be sent here, where at most 10 MB are taken',
    ],
    [
      'may not be attached there',
      'exports/faq.jsonl',
      10,
      null,
      'cannot be sent here, since I may not attach files',
    ],
    ['is gone', 'exports/gone.zip', 10, 10 * MEGABYTE, 'cannot be sent: There is no file exports/gone.zip.'],
  ])('is named in one sentence where it %s', async (_, path, bytes, maxFileBytes, sentence) => {
    const [message, ...others] = await render(
      { text: 'Done.', files: [file(path, bytes)] },
      { maxFileBytes },
    );
    expect(others).toEqual([]);
    expect(message?.files).toEqual([]);
    expect(message?.content).toMatch(/^Done\.\nexports\/[^\n]+\.$/);
    expect(message?.content).toContain(sentence);
  });

  it('goes into a message of its own where it does not fit beside the others', async () => {
    const all = [file('exports/faq.jsonl'), file('exports/manifest.json')];
    const messages = await render({ text: 'Done.', files: all, actions: [button] }, { maxFileBytes: 32 });
    expect(messages.map(({ content, files: sent }) => [content, sent.map(({ name }) => name)])).toEqual([
      ['Done.', ['faq.jsonl']],
      ['', ['manifest.json']],
    ]);
    expect(messages.map(({ components }) => components.length)).toEqual([0, 1]);
  });

  it('is at most the tenth in its message', async () => {
    const all = Array.from({ length: 21 }, () => file('exports/manifest.json'));
    const messages = await render({ text: 'Done.', files: all });
    expect(messages.map((message) => message.files.length)).toEqual([10, 10, 1]);
  });
});
