import { afterEach, describe, expect, it } from 'vitest';
import { Metrics } from '../../../src/adapters/metrics/metrics.ts';
import {
  type Health,
  type MetricsServer,
  serveMetrics,
} from '../../../src/adapters/metrics/metrics-server.ts';
import { observedBot } from '../../../src/adapters/metrics/observed-bot.ts';
import type { Facts, Log } from '../../../src/domain/ports.ts';
import { defaultScopeSettings } from '../../../src/domain/scope-settings.ts';
import type { Bot, Incoming, Reply } from '../../../src/domain/surface.ts';

const open: MetricsServer[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

/** A bot's surroundings, to be changed by the test. */
class Surroundings {
  ready = true;
  ping: number | null = 45;
  ledger: string | null = '12';
  reached: string | null = '12';
  time = 1_000_000;

  readonly metrics = new Metrics({
    gatewayIsReady: () => this.ready,
    gatewayPing: () => this.ping,
    ledgerPosition: async () => this.ledger,
    readModels: () => ({ ordinal: 12, position: this.reached }),
    now: () => this.time,
  });

  async valueOf(name: string): Promise<number> {
    const line = (await this.metrics.text())
      .split('\n')
      .find((candidate) => candidate.startsWith(`${name} `));
    return Number(line?.split(' ')[1]?.replace('Nan', 'NaN'));
  }
}

class LineLog implements Log {
  readonly lines: { what: string; facts: Facts | undefined }[] = [];
  info(what: string, facts?: Facts): void {
    this.lines.push({ what, facts });
  }
  warn(): void {}
  error(): void {}
}

function answering(reply: Partial<Reply>, during: () => void = () => {}): Bot {
  return {
    prefix: '!',
    commands: [],
    run: async () => {
      during();
      return {
        command: '',
        ok: true,
        text: '',
        data: {},
        files: [],
        actions: [],
        isPrivate: false,
        ...reply,
      };
    },
    form: async () => ({ form: { title: '', fields: [], request: { command: 'correct', options: {} } } }),
    suggest: async () => [],
    settingsOf: async () => defaultScopeSettings,
    isNearlyCommand: () => false,
    jobStatus: async () => null,
    mayHear: async () => false,
    consents: () => {},
    recordVoice: async () => {},
    notices: () => {},
    idle: async () => {},
    close: async () => {},
  };
}

const incoming: Incoming = {
  id: '17',
  input: { kind: 'text', text: 'When do you open?' },
  actor: { id: 'ann', manager: false, roles: [] },
  scope: '7',
  channel: '8',
  origin: 'message',
  surface: 'discord',
  locale: null,
  attachments: [],
  voice: null,
};

async function serve(surroundings: Surroundings, health: Health = { ok: true, parts: {} }) {
  const server = await serveMetrics({
    host: '127.0.0.1',
    port: 0,
    metrics: surroundings.metrics,
    health: async () => health,
    log: new LineLog(),
  });
  open.push(server);
  return (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${server.port}${path}`, init);
}

describe('the metrics', () => {
  it('count the commands by result and how long they took', async () => {
    const surroundings = new Surroundings();
    const log = new LineLog();
    const spending = (milliseconds: number) => () => {
      surroundings.time += milliseconds;
    };
    const observe = (bot: Bot) =>
      observedBot(bot, { log, metrics: surroundings.metrics, now: () => surroundings.time });
    await observe(answering({ command: 'ask' }, spending(700))).run(incoming);
    await observe(answering({ command: 'ask' }, spending(20))).run(incoming);
    await observe(answering({ command: 'retrain', ok: false })).run(incoming);
    await observe(answering({ ok: false })).run(incoming);
    await observe(answering({ command: 'ask', ok: false, failed: true })).run(incoming);
    const text = await surroundings.metrics.text();
    expect(text).toContain('training_ledger_commands_total{command="ask",result="done"} 2');
    expect(text).toContain('training_ledger_commands_total{command="retrain",result="refused"} 1');
    expect(text).toContain('training_ledger_commands_total{command="unknown",result="refused"} 1');
    expect(text).toContain('training_ledger_commands_total{command="ask",result="failed"} 1');
    expect(log.lines.at(-1)?.facts).toMatchObject({ command: 'ask', result: 'failed' });
    expect(text).toContain('training_ledger_command_seconds_sum{command="ask"} 0.72');
    expect(text).toContain('training_ledger_command_seconds_bucket{le="0.025",command="ask"} 2');
  });

  it('leave a line for each command by which it can be followed, and nothing that somebody wrote', async () => {
    const log = new LineLog();
    const bot = observedBot(answering({ command: 'ask', text: 'At nine.' }), {
      log,
      metrics: null,
      now: () => 5,
    });
    await bot.run(incoming);
    expect(log.lines).toEqual([
      {
        what: 'command',
        facts: {
          id: '17',
          command: 'ask',
          result: 'done',
          milliseconds: 0,
          scope: '7',
          channel: '8',
          actor: 'ann',
          origin: 'message',
        },
      },
    ]);
  });

  it('say for how long the read models have been behind the ledger', async () => {
    const surroundings = new Surroundings();
    expect(await surroundings.valueOf('training_ledger_projection_lag_seconds')).toBe(0);
    surroundings.ledger = '13';
    surroundings.time += 4_000;
    expect(await surroundings.valueOf('training_ledger_projection_lag_seconds')).toBe(4);
    expect(await surroundings.valueOf('training_ledger_head')).toBe(13);
    expect(await surroundings.valueOf('training_ledger_projected_head')).toBe(12);
    surroundings.reached = '13';
    surroundings.time += 1_000;
    expect(await surroundings.valueOf('training_ledger_projection_lag_seconds')).toBe(0);
  });

  it('say how far the gateway is, and whether it is there at all', async () => {
    const surroundings = new Surroundings();
    expect(await surroundings.valueOf('training_ledger_gateway_ping_seconds')).toBe(0.045);
    expect(await surroundings.valueOf('training_ledger_gateway_connected')).toBe(1);
    surroundings.ping = null;
    surroundings.ready = false;
    expect(await surroundings.valueOf('training_ledger_gateway_ping_seconds')).toBeNaN();
    expect(await surroundings.valueOf('training_ledger_gateway_connected')).toBe(0);
  });

  it('are served in the form that Prometheus reads, the delay of the event loop among them', async () => {
    const response = await (await serve(new Surroundings()))('/metrics');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=/);
    const text = await response.text();
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(text).toContain('training_ledger_projected_events 12');
  });
});

describe('the health', () => {
  it('is told with its reason, and by the status', async () => {
    const well = await (await serve(new Surroundings(), { ok: true, parts: { gateway: 'ready' } }))(
      '/healthz',
    );
    expect([well.status, await well.json()]).toEqual([200, { ok: true, gateway: 'ready' }]);
    const ill = await (await serve(new Surroundings(), { ok: false, parts: { gateway: 'resuming' } }))(
      '/healthz',
    );
    expect([ill.status, await ill.json()]).toEqual([503, { ok: false, gateway: 'resuming' }]);
  });

  it('is all that can be asked for beside the metrics, and only read', async () => {
    const ask = await serve(new Surroundings());
    expect((await ask('/')).status).toBe(404);
    expect((await ask('/metrics/../etc/passwd')).status).toBe(404);
    expect((await ask('/metrics', { method: 'POST', body: 'x' })).status).toBe(405);
  });

  it('cannot be served twice on one port', async () => {
    const surroundings = new Surroundings();
    await serve(surroundings);
    const [server] = open;
    await expect(
      serveMetrics({
        host: '127.0.0.1',
        port: server?.port ?? 0,
        metrics: surroundings.metrics,
        health: async () => ({ ok: true, parts: {} }),
        log: new LineLog(),
      }),
    ).rejects.toThrow('EADDRINUSE');
  });
});
