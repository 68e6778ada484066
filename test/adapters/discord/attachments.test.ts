import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type AttachmentOptions,
  attachedFiles,
  type DescribedAttachment,
} from '../../../src/adapters/discord/attachments.ts';
import { languages } from '../../../src/domain/languages/languages.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import { Cdn } from '../../stand-ins/discord/cdn.ts';
import { StandInClock } from '../../stand-ins/discord/clock.ts';
import { LoopbackServer } from '../../stand-ins/discord/loopback-server.ts';

const MEBIBYTE = 2 ** 20;
const text = new TextEncoder().encode('{"prompt":"When?","completion":"At nine."}\n');

let cdn: Cdn;
let ids = 0;

beforeEach(async () => {
  cdn = new Cdn(new StandInClock());
  await cdn.start();
});

afterEach(() => cdn.stop());

function stored(bytes: Uint8Array = text, name = 'lines.jsonl'): DescribedAttachment {
  const { filename, url, size } = cdn.store(`9${ids++}`, '77', { name, bytes });
  return { name: filename, url, size };
}

function fileOf(attachment: DescribedAttachment, options: Partial<AttachmentOptions> = {}) {
  const [file] = attachedFiles([attachment], { ...options, cdnUrl: options.cdnUrl ?? cdn.url });
  if (file === undefined) throw new Error('one was attached');
  return file;
}

async function contentOf(attachment: DescribedAttachment, options: Partial<AttachmentOptions> = {}) {
  const pieces: Uint8Array[] = [];
  for await (const piece of fileOf(attachment, options).read()) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

async function refusalOf(attachment: DescribedAttachment, options: Partial<AttachmentOptions> = {}) {
  const error: unknown = await contentOf(attachment, options).then(
    () => new Error('it was fetched'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Refusal)) throw error;
  return error;
}

const limits = { bytes: MEBIBYTE, beginMs: 5_000, totalMs: 5_000 };

describe('an attached file', () => {
  it('is fetched when it is read, and again when it is read again', async () => {
    const attachment = stored();
    const file = fileOf(attachment);
    expect(file.bytes).toBe(text.length);
    expect(cdn.requests).toEqual([]);
    expect(await contentOf(attachment)).toEqual(text);
    expect(await contentOf(attachment)).toEqual(text);
    expect(cdn.requests).toHaveLength(2);
  });

  it('is asked for without anything that tells who asks, and not packed', async () => {
    const asked: unknown[] = [];
    const server = new LoopbackServer((request, response) => {
      asked.push(request.headers);
      response.end(text);
    });
    await server.start();
    const cdnUrl = `http://${server.host}`;
    await contentOf({ name: 'a', url: `${cdnUrl}/a`, size: text.length }, { cdnUrl });
    await server.stop();
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ 'accept-encoding': 'identity' });
    expect(asked[0]).not.toHaveProperty('authorization');
    expect(asked[0]).not.toHaveProperty('cookie');
  });

  it.each([
    ['another host', 'https://example.com/attachments/1/2/lines.jsonl'],
    ['loopback', 'http://127.0.0.1:1/attachments/1/2/lines.jsonl'],
    ['a file', 'file:///etc/passwd'],
    ['data', 'data:text/plain,hello'],
    ['nothing that is an address', 'lines.jsonl'],
    ['an empty address', ''],
  ])('is refused where its address leads to %s', async (_, url) => {
    const { message } = await refusalOf({ ...stored(), url });
    expect(message).toBe(
      "lines.jsonl does not lie on Discord's own file server, so it was not fetched; attach the file itself.",
    );
    expect(cdn.requests).toEqual([]);
  });

  it('is refused where the address names the file server as a user, under a longer name or at another port', async () => {
    const attachment = stored();
    const { host, port, pathname } = new URL(attachment.url);
    for (const url of [
      `http://${host}@example.com${pathname}`,
      `http://someone:secret@${host}${pathname}`,
      `http://127.0.0.1.example.com:${port}${pathname}`,
      `http://127.0.0.1:${Number(port) + 1}${pathname}`,
      attachment.url.replace('http:', 'https:'),
    ]) {
      expect((await refusalOf({ ...attachment, url })).message).toContain("Discord's own file server");
    }
    expect(cdn.requests).toEqual([]);
  });

  it('is fetched with TLS only, where the file server is the real one', async () => {
    const url = 'http://cdn.discordapp.com/attachments/1/2/lines.jsonl';
    const refusal = await refusalOf({ ...stored(), url }, { cdnUrl: 'https://cdn.discordapp.com' });
    expect(refusal.message).toContain("Discord's own file server");
  });

  it('may lie at another address of the same server, and nowhere else', async () => {
    const [attachment, moved, circle] = [stored(), stored(), stored()];
    cdn.spoil(moved, { kind: 'redirect', to: attachment.url });
    expect(await contentOf(moved)).toEqual(text);

    const internal = new LoopbackServer((_, response) => response.end('secret'));
    await internal.start();
    for (const to of [`http://${internal.host}/`, 'file:///etc/passwd', '//example.com/x']) {
      cdn.spoil(moved, { kind: 'redirect', to });
      expect((await refusalOf(moved)).message).toContain("Discord's own file server");
    }
    await internal.stop();

    cdn.spoil(circle, { kind: 'redirect', to: circle.url });
    expect((await refusalOf(circle)).message).toContain('the connection to');
  });

  it('is refused unfetched where Discord says that it is too large', async () => {
    const { message } = await refusalOf({ ...stored(), size: MEBIBYTE + 1 }, { limits });
    expect(message).toBe(
      'lines.jsonl is larger than the 1 MiB that are taken; send a smaller file, or several.',
    );
    expect(cdn.requests).toEqual([]);
  });

  it('is taken up to the limit, whatever it claims to be, and never further', async () => {
    const [endless, bomb] = [stored(), stored()];
    cdn.spoil(endless, { kind: 'endless' });
    expect((await refusalOf(endless, { limits })).message).toContain('larger than the 1 MiB');
    cdn.spoil(bomb, { kind: 'packed', bytes: new Uint8Array(64 * MEBIBYTE) });
    expect((await refusalOf(bomb, { limits })).message).toContain('larger than the 1 MiB');
    expect(await contentOf(stored(new Uint8Array(MEBIBYTE)), { limits })).toHaveLength(MEBIBYTE);
  });

  it('is refused where it is not what was announced', async () => {
    const [half, other] = [stored(), stored()];
    cdn.spoil(half, { kind: 'break off' });
    expect((await refusalOf(half)).message).toContain('the connection to');
    cdn.spoil(other, { kind: 'packed', bytes: new TextEncoder().encode('something else') });
    expect((await refusalOf(other)).message).toBe(
      'lines.jsonl did not arrive as it was sent; attach it again.',
    );
  });

  it('has a bounded time, to begin and to end', async () => {
    const held = Promise.withResolvers<void>();
    const server = new LoopbackServer(() => held.resolve());
    await server.start();
    const cdnUrl = `http://${server.host}`;
    const silent = { name: 'a.txt', url: `${cdnUrl}/a.txt`, size: 1 };
    expect((await refusalOf(silent, { cdnUrl, limits: { ...limits, beginMs: 30 } })).message).toBe(
      'a.txt did not arrive in time; try again in a while, or send a smaller file.',
    );
    await held.promise;
    await server.stop();

    const attachment = stored();
    cdn.spoil(attachment, { kind: 'stall' });
    const refusal = await refusalOf(attachment, { limits: { ...limits, totalMs: 100 } });
    expect(refusal.message).toContain('did not arrive in time');
  });

  it('that is gone or kept back is told from a server that is down', async () => {
    const attachment = stored();
    cdn.spoil(attachment, { kind: 'status', status: 404 });
    expect((await refusalOf(attachment)).message).toContain('does not have lines.jsonl any more');
    cdn.spoil(attachment, { kind: 'status', status: 503 });
    expect((await refusalOf(attachment)).message).toContain('answered with 503');
    const cdnUrl = cdn.url;
    await cdn.stop();
    expect((await refusalOf(attachment, { cdnUrl })).message).toContain('the connection to');
    await cdn.start();
  });

  it('is refused in the language of whoever sent it', async () => {
    const { inWords } = await refusalOf({ ...stored(), url: 'https://example.com/' });
    expect(inWords(languages.ru)).toContain('лежит не на файловом сервере Discord');
  });

  it('is let go of when the bot ends', async () => {
    const attachment = stored();
    cdn.spoil(attachment, { kind: 'endless' });
    const ending = new AbortController();
    const reading = refusalOf(attachment, {
      signal: ending.signal,
      limits: { ...limits, bytes: Number.MAX_SAFE_INTEGER },
    });
    await vi.waitUntil(() => cdn.requests.length === 1);
    ending.abort();
    expect((await reading).message).toContain('was not fetched');
  });
});

describe('the name of an attached file', () => {
  const shown = (name: string) => fileOf({ name, url: cdn.url, size: 1 }).path;

  it.each([
    ['lines.jsonl', 'lines.jsonl'],
    ['вопросы и ответы.csv', 'вопросы и ответы.csv'],
    ['../../x', 'x'],
    ['..\\..\\windows\\x.csv', 'x.csv'],
    ['/etc/passwd', 'passwd'],
    ['.env', 'env'],
    ['..', 'file'],
    ['', 'file'],
    ['a\u0000b\r\nc\u001b[31m.txt', 'abc[31m.txt'],
    ['report\u202Etxt.exe', 'reporttxt.exe'],
    ['zero\u200B\u2066width.txt', 'zerowidth.txt'],
    ['half\uD83D.txt', 'half.txt'],
  ])('%j is shown as %j', (name, path) => {
    expect(shown(name)).toBe(path);
  });

  it('is shortened in the middle of nothing, and keeps what says its format', () => {
    const path = shown(`${'ж'.repeat(60)}${'😀'.repeat(60)}.jsonl`);
    expect(path.length).toBeLessThanOrEqual(80);
    expect(path).toMatch(/^ж+.*…\.jsonl$/u);
    expect(path.isWellFormed()).toBe(true);
  });
});
