import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Address, Inbox } from '../../../src/adapters/discord/inbox.ts';
import type { Received } from '../../../src/adapters/discord/incoming.ts';
import { temporaryDirectory } from './running-bot.ts';

const incoming = (id: string, channel = '7'): Received => ({
  id,
  input: { kind: 'command', name: 'train', options: { data: '{"prompt":"?"}' } },
  actor: { id: '5', manager: false, roles: ['6'] },
  scope: '4',
  channel,
  origin: 'interaction',
  surface: 'discord',
  locale: 'ru',
  attachments: [{ name: 'faq.jsonl', size: 12, url: 'https://cdn.example/faq.jsonl' }],
});
const address: Address = {
  kind: 'interaction',
  application: '1',
  interaction: '2',
  token: 'secret',
  isPrivate: true,
  deferred: 'reply',
  at: 100,
};

describe('the inbox', () => {
  it('knows after a restart what it was given, to the last option, the oldest first', () => {
    const file = join(temporaryDirectory(), 'discord.sqlite');
    const first = new Inbox(file);
    expect(first.record(incoming('2'), address, 200)).toBe('new');
    expect(first.record(incoming('1'), address, 100)).toBe('new');
    first.begin('1');
    first.takeStep('1');
    first.close();
    const again = new Inbox(file);
    expect(again.waiting()).toEqual([
      { received: incoming('1'), address, at: 100, begun: 1 },
      { received: incoming('2'), address, at: 200, begun: 0 },
    ]);
    expect(again.stepsTaken('1')).toBe(1);
    again.close();
  });

  it('tells what arrives again from what is new, until it cannot arrive any more', () => {
    const inbox = new Inbox(join(temporaryDirectory(), 'discord.sqlite'));
    inbox.record(incoming('1'), address, 100);
    expect(inbox.record(incoming('1'), address, 100)).toBe('waiting');
    inbox.settle('1');
    expect(inbox.record(incoming('1'), address, 100)).toBe('answered');
    expect(inbox.waiting()).toEqual([]);
    inbox.record(incoming('2'), address, 100);
    inbox.forgetBefore(101);
    expect(inbox.record(incoming('1'), address, 100)).toBe('new');
    expect(inbox.record(incoming('2'), address, 100)).toBe('waiting');
    inbox.close();
  });

  it('moves its marks only while nothing may be missing', () => {
    const file = join(temporaryDirectory(), 'discord.sqlite');
    const inbox = new Inbox(file);
    inbox.record(incoming('1', 'a'), address, 100);
    inbox.record(incoming('2', 'b'), address, 300);
    inbox.holdMarks();
    inbox.record(incoming('3', 'a'), address, 500);
    inbox.record(incoming('4', 'new'), address, 600);
    const marks = { a: 100, b: 300, new: 300 };
    expect(Object.fromEntries(inbox.channels())).toEqual(marks);
    inbox.close();
    const again = new Inbox(file);
    expect(Object.fromEntries(again.channels())).toEqual(marks);
    again.holdMarks();
    again.record(incoming('5', 'a'), address, 700);
    again.releaseMarks();
    again.record(incoming('6', 'b'), address, 650);
    again.record(incoming('7', 'b'), address, 640);
    expect(Object.fromEntries(again.channels())).toEqual({ a: 700, b: 650, new: 300 });
    again.close();
  });
});
