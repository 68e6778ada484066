import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { temporaryDirectory } from './adapters/files/temporary-directory.ts';
import { ProgramHere } from './program.ts';
import { startStandIn } from './stand-ins/discord/real-client.ts';
import type { SeenMessage } from './stand-ins/discord/view/message.ts';
import { StandInEventStoreDB } from './stand-ins/eventstoredb/stand-in-eventstoredb.ts';

const programs: ProgramHere[] = [];

afterEach(() => Promise.all(programs.splice(0).map((program) => program.stop())));

const Line = z.looseObject({ level: z.string(), time: z.iso.datetime(), msg: z.string() });

async function serve(settings: Readonly<Record<string, string>>) {
  const discord = await startStandIn();
  const program = new ProgramHere(['--data-dir', temporaryDirectory()], {
    ...discord.environment,
    ...settings,
  });
  programs.push(program);
  const log = () =>
    program.stderr
      .split('\n')
      .slice(0, -1)
      .map((line) => Line.parse(JSON.parse(line)));
  const logged = (msg: string) =>
    vi.waitFor(
      () => {
        const line = log().find((candidate) => candidate.msg === msg);
        if (line === undefined) throw new Error(`no line ${msg} in ${program.stderr}`);
        return line;
      },
      { timeout: 15_000 },
    );
  return { discord, program, log, logged };
}

describe('a bot that serves Discord', () => {
  it('leaves a line for each command by which it can be followed, its token nowhere, and no port open', async () => {
    const { discord, program, log, logged } = await serve({});
    await logged('connected to Discord');
    const guild = discord.createGuild('Trainers');
    const ann = guild.addMember('Ann');
    const asked = ann.says(guild.general, '!jobs');
    await guild.general.nextMessage();
    expect(await logged('command')).toMatchObject({
      level: 'info',
      id: asked.id,
      command: 'jobs',
      result: 'done',
      scope: guild.id,
      channel: guild.general.id,
      actor: ann.id,
      origin: 'message',
    });
    const { code, stdout, stderr } = await program.stop();
    expect([code, stdout]).toEqual([0, '']);
    expect(log().length).toBeGreaterThan(1);
    expect(log().map(({ msg }) => msg)).not.toContain('serving /healthz and /metrics');
    expect(stderr).not.toContain(discord.token);
  });

  it('says how it is on the port of its operator', async () => {
    const port = 20_000 + (process.pid % 20_000);
    const { discord, logged } = await serve({ METRICS_PORT: String(port) });
    const base = `http://127.0.0.1:${port}`;
    await logged('serving /healthz and /metrics');
    await logged('connected to Discord');
    const guild = discord.createGuild('Trainers');
    guild.addMember('Ann').says(guild.general, '!jobs');
    await guild.general.nextMessage();
    const health = await fetch(`${base}/healthz`);
    expect([health.status, await health.json()]).toEqual([
      200,
      { ok: true, gateway: 'Ready', events: expect.any(String), lagSeconds: '0.0' },
    ]);
    const metrics = await (await fetch(`${base}/metrics`)).text();
    expect(metrics).toContain('training_ledger_commands_total{command="jobs",result="done"} 1');
    expect(metrics).toContain('training_ledger_gateway_connected 1');
  });

  it('is on Discord while the server of its ledger is away, says so in a sentence, and works as soon as it is back', async () => {
    const store = await StandInEventStoreDB.start();
    await store.kill();
    const { discord, logged } = await serve({ LEDGER_URL: `${store.url}&defaultDeadline=1000` });
    await logged('connected to Discord');
    const guild = discord.createGuild('Trainers');
    const ann = guild.addMember('Ann');
    const { general } = guild;
    const asks = async () => {
      const { id } = ann.says(general, '!correct last At nine.');
      const answers = ({ api }: SeenMessage) => api.message_reference?.message_id === id;
      return (await general.nextMessage(answers)).api.content;
    };

    expect(await asks()).toBe(
      'Nothing was done, because the bot has just started and does not reach its ledger yet; try again soon.',
    );
    await store.start();
    await vi.waitFor(async () => expect(await asks()).toMatch(/no answer/i), {
      timeout: 15_000,
      interval: 500,
    });
    await store.kill();
  });

  it('says in one sentence where it cannot have its port', async () => {
    const { discord, program } = await serve({ METRICS_PORT: '1', METRICS_HOST: '203.0.113.1' });
    const { code, stderr } = await program.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^\/metrics cannot be served on port 1 of 203\.0\.113\.1 \(.*\); choose another METRICS_PORT or METRICS_HOST\.\n$/,
    );
    expect(stderr).not.toContain(discord.token);
  });
});
