import type { StoredEvent } from '../../../domain/events.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { STREAM_PREFIX, streamKinds } from '../../../domain/streams.ts';
import type { ServerConnection } from './server-connection.ts';
import type { StoreReader } from './store-reader.ts';
import { lastingProblem, StoreError, troubleOf, unavailable } from './store-trouble.ts';
import { isOfServer } from './stored-event.ts';

/** The first that tells subscribers when they have caught up. */
const OLDEST_VERSION = { major: 23, minor: 10 } as const;

const OUR_STREAM = new RegExp(`^[^.]+\\.(${streamKinds.join('|')})-.+$`, 's');

/**
 * Whether a server can hold our ledger.
 * @param deadline of each call, in ms
 * @throws Refusal in one sentence where it cannot as it is, LedgerError where it is away
 */
export async function checkServer(
  connection: ServerConnection,
  reader: StoreReader,
  shown: string,
  deadline: number,
): Promise<void> {
  try {
    checkVersion(await connection.serverVersion(deadline), shown);
    const [oldest, newest] = [await reader.oldest(), await reader.newest()];
    for (const event of [oldest, newest]) {
      if (event !== null && !isOfServer(event)) checkIsOurs(event, shown);
    }
  } catch (error) {
    throw error instanceof StoreError ? explain(error, shown) : error;
  }
}

function checkVersion(version: string | null, shown: string): void {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  const { major: oldestMajor, minor: oldestMinor } = OLDEST_VERSION;
  const isOldest = Number(major) === oldestMajor && Number(minor) >= oldestMinor;
  if (version !== null && (major === undefined || Number(major) > oldestMajor || isOldest)) return;
  const its = version === null ? 'so old that it does not say its version' : `version ${version}`;
  throw new Refusal(
    `The server at ${shown} is ${its}, but ${oldestMajor}.${oldestMinor} or later is needed; upgrade it or set another LEDGER_URL.`,
  );
}

function checkIsOurs({ stream, revision, id, type }: StoredEvent, shown: string): void {
  if (OUR_STREAM.test(stream.slice(STREAM_PREFIX.length)) && /^[A-Z]/.test(type)) return;
  throw new Refusal(
    `The streams that begin with ${STREAM_PREFIX} at ${shown} hold something else (event ${id}, a ${type}, at revision ${revision} of ${stream}); keep the ledger on another server.`,
  );
}

function explain(error: StoreError, shown: string): Error {
  const trouble = troubleOf(error);
  if (trouble.kind === 'refused') {
    return new Refusal(
      `The ledger at ${shown} cannot be used, because ${trouble.reason}; check the user and the password in LEDGER_URL.`,
    );
  }
  if (trouble.kind !== 'away') return error;
  switch (lastingProblem(trouble)) {
    case 'certificate':
      return new Refusal(
        `The certificate of the server at ${shown} is not trusted (${trouble.detail}); name the file of its CA with tlsCAFile=FILE in LEDGER_URL.`,
      );
    case 'tls':
      return new Refusal(
        `The server at ${shown} does not speak TLS (${trouble.detail}); add tls=false to LEDGER_URL if it is meant to.`,
      );
    case null:
      return unavailable(`its server at ${shown} is away (${trouble.detail})`, 'no', error);
  }
}
