import { parseArgs } from 'node:util';
import { EventLog } from './event-log.ts';
import { StandInEventStoreDB } from './stand-in-eventstoredb.ts';

// The stand-in as a process of its own. It prints its URL when it takes calls:
//   node test/stand-ins/eventstoredb/main.ts [--port 2113] [--file events.jsonl]
const { values } = parseArgs({ options: { port: { type: 'string' }, file: { type: 'string' } } });
const log = new EventLog(values.file === undefined ? {} : { file: values.file });
const standIn = await StandInEventStoreDB.start({ log, port: Number(values.port ?? 0) });
process.stdout.write(`${standIn.url}\n`);
