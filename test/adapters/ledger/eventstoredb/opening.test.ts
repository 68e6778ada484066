import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEventStoreDBLedger } from '../../../../src/adapters/ledger/eventstoredb.ts';
import { newEvent, newStream, readAll } from '../../../domain/appending.ts';
import {
  StandInEventStoreDB,
  type StandInOptions,
} from '../../../stand-ins/eventstoredb/stand-in-eventstoredb.ts';
import { selfSignedCertificate } from '../../../stand-ins/openai/self-signed.ts';

let directory: string;
let running: StandInEventStoreDB[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'eventstoredb-'));
  running = [];
});
afterEach(async () => {
  for (const standIn of running) await standIn.kill();
  rmSync(directory, { recursive: true });
});

async function start(options?: StandInOptions): Promise<StandInEventStoreDB> {
  const standIn = await StandInEventStoreDB.start(options);
  running.push(standIn);
  return standIn;
}

async function sentenceFor(url: string): Promise<string> {
  try {
    await openEventStoreDBLedger(url);
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error('it was opened');
}

describe('a ledger on a server with TLS', () => {
  it('is opened with the certificate of its CA and with credentials, and keeps what it is given', async () => {
    const tls = selfSignedCertificate();
    const ca = join(directory, 'ca.crt');
    writeFileSync(ca, tls.cert);
    const { port } = await start({ tls, users: { 'ad@min': 'p@ss/w%rd' } });

    const ledger = await openEventStoreDBLedger(
      `esdb://ad%40min:p%40ss%2Fw%25rd@127.0.0.1:${port}?tlsCAFile=${encodeURIComponent(ca)}&keepAliveInterval=10000`,
    );
    await ledger.append(newStream(), 'no_stream', [newEvent()]);

    expect(await readAll(ledger)).toHaveLength(1);
    await ledger.close();
    expect(await sentenceFor(`esdb://admin:secret@127.0.0.1:${port}?tlsCAFile=${ca}`)).toBe(
      `The ledger at esdb://127.0.0.1:${port} cannot be used, because its server does not let this user in; check the user and the password in LEDGER_URL.`,
    );
    expect(await sentenceFor(`esdb://127.0.0.1:${port}?tlsCAFile=${ca}`)).toMatch(
      /does not let this user in/,
    );
    expect(await sentenceFor(`esdb://admin:secret@127.0.0.1:${port}`)).toMatch(
      /^The certificate of the server at esdb:\/\/127\.0\.0\.1:\d+ is not trusted \(.*certificate.*\); name the file of its CA with tlsCAFile=FILE in LEDGER_URL\.$/i,
    );
  });
});

describe('a server that cannot be used', () => {
  it('is named where it does not speak TLS', async () => {
    const { port } = await start();

    expect(await sentenceFor(`esdb://127.0.0.1:${port}`)).toMatch(/does not speak TLS .* add tls=false/);
  });

  it.each([
    [null, 'so old that it does not say its version'],
    ['22.10.5.0', 'version 22.10.5.0'],
    ['23.6.0', 'version 23.6.0'],
  ])('is named where it is too old: %s', async (version, its) => {
    const { url, port } = await start({ version });

    expect(await sentenceFor(url)).toBe(
      `The server at esdb://127.0.0.1:${port} is ${its}, but 23.10 or later is needed; upgrade it or set another LEDGER_URL.`,
    );
  });

  it.each(['23.10.0.0', '25.1.2'])('is not one of version %s', async (version) => {
    const { url } = await start({ version });

    await (await openEventStoreDBLedger(url)).close();
  });

  it('is named where its streams with our prefix are not ours', async () => {
    const { url, log } = await start();
    const id = crypto.randomUUID();
    const content = { data: Buffer.from('{}'), metadata: Buffer.from('{}') };
    log.append('training.plan', [{ id, type: 'lesson', contentType: 'application/json', ...content }]);

    expect(await sentenceFor(url)).toMatch(
      new RegExp(
        `hold something else \\(event ${id}, a lesson, at revision 0 of training\\.plan\\); keep the ledger on another server\\.$`,
      ),
    );
  });

  it('is named where what stands under our prefix is no JSON', async () => {
    const { url, log } = await start();
    const id = crypto.randomUUID();
    const content = { data: Buffer.from('no JSON'), metadata: Buffer.from('{}') };
    log.append('training.local.job-1', [
      { id, type: 'Job', contentType: 'application/octet-stream', ...content },
    ]);

    expect(await sentenceFor(url)).toBe(
      `event ${id} (Job, revision 0 of training.local.job-1) is not JSON, so this program has not written it; take it out of the ledger or restore a backup, and start again`,
    );
  });

  it('is named where nobody is there, or somebody else', async () => {
    const { url } = await start();
    await running[0]?.kill();
    expect(await sentenceFor(url)).toMatch(
      /its server at esdb:\/\/127\.0\.0\.1:\d+ is away \(.*ECONNREFUSED.*\)$/,
    );

    const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : 0;
    expect(await sentenceFor(`esdb://127.0.0.1:${port}?tls=false&defaultDeadline=1500`)).toMatch(/is away/);
    other.close();
  });
});

describe('a URL that cannot be used', () => {
  it.each([
    ['esdb://', 'it must be esdb://HOST:PORT or esdb+discover://NAME, with options behind a question mark'],
    ['esdb://host:0', '"host:0" is no HOST:PORT'],
    ['esdb://host:99999', '"host:99999" is no HOST:PORT'],
    ['esdb+discover://a,b', 'esdb+discover:// takes one name; put several hosts behind esdb://'],
    [
      'esdb://u:secret:more@host',
      'credentials must be USER:PASSWORD, with %3A for a colon and %40 for an @ in them',
    ],
    ['esdb://u:secret@host?colour=red', 'the option "colour" is unknown'],
    ['esdb://u:secret@host?tls=perhaps', 'tls must be true or false'],
    [
      'esdb://host?nodePreference=follower',
      'nodePreference must be leader or be left out, as what is decided is read from the leader',
    ],
    [
      'esdb://host?tlsVerifyCert=false',
      'certificates are always verified: name the CA with tlsCAFile=FILE instead of tlsVerifyCert=false',
    ],
    ['esdb://host?defaultDeadline=soon', 'defaultDeadline must be a whole number'],
    ['esdb://host?userCertFile=a', 'userCertFile and userKeyFile belong together'],
    ['esdb://host?tlsCAFile=/no/such/file', 'the file /no/such/file that tlsCAFile names does not exist'],
  ])('is explained without its password: %s', async (url, problem) => {
    const sentence = await sentenceFor(url);

    expect(sentence).toBe(`LEDGER_URL cannot be used: ${problem}.`);
    expect(sentence).not.toContain('secret');
  });
});
