import { describe, expect, it } from 'vitest';
import { createLog, type LogLevel } from '../../../src/adapters/log/pino-log.ts';

function logging(level: LogLevel = 'info', secrets: readonly string[] = []) {
  const written: string[] = [];
  const log = createLog({ level, secrets, output: { write: (line: string) => void written.push(line) } });
  return { log, written, lines: () => written.map((line): unknown => JSON.parse(line)) };
}

describe('the log', () => {
  it('is one JSON object a line, with the facts beside what happened', () => {
    const { log, written, lines } = logging();
    log.info('command', { id: '17', command: 'retrain', milliseconds: 12, job: null });
    log.warn('two\nlines');
    expect(written.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        msg: 'command',
        id: '17',
        command: 'retrain',
        milliseconds: 12,
        job: null,
      },
      { level: 'warn', time: expect.any(String), msg: 'two\nlines' },
    ]);
  });

  it('never holds a secret, wherever it stands', () => {
    const token = 'a-token.of.secrets';
    const { log, written } = logging('info', [token, '']);
    log.info(`logging in with ${token}`, { token });
    log.error('login', new Error(`Bot ${token} is wrong`));
    expect(written).toHaveLength(2);
    expect(written.join('')).not.toContain(token);
    expect(written.join('')).toContain('********');
  });

  it('says what went wrong and where, and nothing that a library hung on the error', () => {
    const { log, lines } = logging();
    const error = Object.assign(new Error('Unknown Message'), {
      code: 10008,
      url: 'https://discord.test/webhooks/1/an-interaction-token',
      requestBody: { json: { content: 'what somebody wrote' } },
    });
    log.error('reply', error, { id: '17' });
    expect(lines()).toEqual([
      {
        level: 'error',
        time: expect.any(String),
        msg: 'reply',
        id: '17',
        error: {
          name: 'Error',
          message: 'Unknown Message',
          code: '10008',
          stack: expect.stringContaining('pino-log.test.ts'),
        },
      },
    ]);
  });

  it('takes what is thrown and is no error', () => {
    const { log, lines } = logging();
    log.error('reply', 'no reason');
    expect(lines()).toMatchObject([{ error: { message: 'no reason' } }]);
  });

  it('leaves out what is below its level', () => {
    const { log, lines } = logging('warn');
    log.info('command');
    log.warn('disk');
    expect(lines()).toMatchObject([{ msg: 'disk' }]);
    const silent = logging('silent');
    silent.log.error('disk', new Error('full'));
    expect(silent.written).toEqual([]);
  });
});
