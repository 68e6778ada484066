import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { Program } from '../../program.ts';
import { StandInClock } from '../../stand-ins/discord/clock.ts';
import { startStandIn } from '../../stand-ins/discord/real-client.ts';
import type { Guild } from '../../stand-ins/discord/view/guild.ts';
import { startStandIn as startOpenAI } from '../../stand-ins/openai/started.ts';
import { temporaryDirectory } from './running-bot.ts';

const THINKING_MS = 60_000;
/** Discord takes 120 messages a minute from a bot, heartbeats among them. */
const HEARTBEAT_MS = 1_000;
/** A heartbeat that is not acknowledged until the next one is due ends the connection. */
const MAX_GAP_MS = 2 * HEARTBEAT_MS;
const PEOPLE = 10;

it('with a model that thinks for a minute and a job that trains all the while, heartbeats are on time and others are answered', async () => {
  const clock = new StandInClock({ running: true });
  const discord = await startStandIn({ clock, heartbeatMs: HEARTBEAT_MS });
  const openai = await startOpenAI();
  const [slow, busy] = [discord.createGuild('Thinkers'), discord.createGuild('Trainers')];
  const { gateway } = discord;
  const people = Array.from({ length: PEOPLE }, (_, n) => busy.addMember(`Member ${n}`));
  const program = new Program([], {
    cwd: temporaryDirectory(),
    env: {
      ...discord.environment,
      OPENAI_BASE_URL: openai.url,
      OPENAI_API_KEY: openai.key,
      OPENAI_TIMEOUT_SECONDS: '120',
    },
  });
  await vi.waitFor(() => expect(program.stderr).toContain('commands registered'), { timeout: 45_000 });
  await slow.owner.uses('settings', { trainer: 'openai' }, { in: slow.general }).reply();

  const thinking = openai.faults.hold('POST /chat/completions');
  const asked = slow.owner.says(slow.general, `${discord.botMention} What do you think?`);
  await thinking.reached;
  const begun = Date.now();
  const before = gateway.heartbeats.all.length;
  busy.owner.says(busy.general, '!train', { attachments: [{ name: 'lines.jsonl', bytes: manyLines() }] });
  await vi.waitFor(() => expect(states(busy).at(-1)).toBe('trains'), { timeout: 30_000, interval: 100 });

  const waits: number[] = [];
  let [trained, jobs] = [0, 1];
  for (let n = 0; Date.now() - begun < THINKING_MS; n++) {
    const at = Date.now();
    const member = people[n % PEOPLE];
    const said = member?.says(busy.general, '!hi');
    await busy.general.nextMessage(({ api }) => api.message_reference?.message_id === said?.id);
    waits.push(Date.now() - at);
    const now = states(busy);
    if (now.at(-1) === 'trains') trained += 1;
    else if (now.length === jobs) {
      busy.owner.says(busy.general, '!train dataset=last');
      jobs += 1;
    }
    await pause(Math.max(0, 1_000 - (Date.now() - at)));
  }
  const beats = gateway.heartbeats.all.slice(before);
  const gaps = beats.slice(1).map((beat, n) => beat - (beats[n] ?? beat));
  const acknowledged = `${beats.length} heartbeats, at most ${Math.max(...gaps)} ms apart`;
  console.log(
    `${acknowledged}; ${waits.length} others answered, the slowest after ${Math.max(...waits)} ms; ${jobs} jobs, one of them at work in ${trained} of ${waits.length} looks`,
  );
  expect([gateway.closes.all, gateway.resumes.all, gateway.identifies.all.length]).toEqual([[], [], 1]);
  expect(beats.length).toBeGreaterThan((0.9 * THINKING_MS) / HEARTBEAT_MS);
  expect(Math.max(...gaps)).toBeLessThan(MAX_GAP_MS);
  expect(Math.max(...waits)).toBeLessThan(5_000);
  expect(trained).toBeGreaterThan(waits.length / 2);

  expect(slow.general.messages.filter(({ api }) => api.message_reference?.message_id === asked.id)).toEqual(
    [],
  );
  thinking.release();
  const answer = await slow.general.nextMessage();
  expect(answer.api.message_reference?.message_id).toBe(asked.id);
  program.child.kill('SIGTERM');
  expect((await program.ended).code).toBe(0);
});

/** Of the jobs, by their messages. */
function states({ general }: Guild): readonly ('trains' | 'over')[] {
  return general.messages
    .filter(({ content }) => content.startsWith('**Job '))
    .map(({ content }) => (/is training|is waiting/.test(content) ? 'trains' : 'over'));
}

/** As many as keep the embedded trainer busy for a good while. */
function manyLines(): Uint8Array {
  const lines = Array.from({ length: 150_000 }, (_, n) =>
    JSON.stringify({
      prompt: `What is kept in drawer ${n} of cupboard ${n % 977} on the floor of the number ${n % 31}?`,
      completion: `In drawer ${n} there are ${(n * 7_919) % 10_007} buttons.`,
    }),
  );
  return Buffer.from(`${lines.join('\n')}\n`);
}
