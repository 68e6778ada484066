import { once } from 'node:events';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type FromReader, PAGES_AT_ONCE } from '../read-ahead.ts';
import { KnownIds } from './known-ids.ts';
import { PageInMaking, type PageText } from './page-in-making.ts';
import { ReadingConnection } from './reading-connection.ts';
import { READY, type Stretch } from './reading-thread.ts';
import { parseServerAddress } from './server-address.ts';
import { StoreReader } from './store-reader.ts';

if (parentPort === null) throw new Error('this file runs as a worker only');
const url: string = workerData;
const address = parseServerAddress(url);
const connection = new ReadingConnection(address);
const reader = new StoreReader({
  connection,
  following: connection,
  knownIds: new KnownIds(),
  deadline: address.deadline,
  // Whoever goes on after this has patience of their own.
  patience: 0,
  closed: new AbortController().signal,
});
const asked = once(parentPort, 'message');
parentPort.postMessage(READY);
const [stretch] = await asked;
await give(stretch, parentPort);

async function give(stretch: Stretch, port: MessagePort): Promise<void> {
  const send = (message: FromReader<PageText>, transferred: readonly ArrayBuffer[] = []) =>
    port.postMessage(message, transferred);
  let credit = PAGES_AT_ONCE;
  let more = Promise.withResolvers<void>();
  port.on('message', () => {
    credit += PAGES_AT_ONCE;
    more.resolve();
  });
  let page = new PageInMaking();
  const sendPage = () => {
    const text = page.take();
    if (text !== null) send({ kind: 'page', page: text }, [text.json.buffer]);
    page = new PageInMaking();
    credit--;
  };
  try {
    for await (const batch of reader.recorded(stretch)) {
      for (const recorded of batch) {
        page.add(recorded);
        if (page.isFull) sendPage();
      }
      while (credit <= 0) {
        more = Promise.withResolvers();
        await more.promise;
      }
    }
    sendPage();
  } catch {
    send({ kind: 'failed' });
  }
  await connection.close();
  port.close();
}
