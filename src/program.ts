import { run } from './run.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** After a signal everything has this long to end by itself. */
const MAX_LEAVING_MS = 20_000;
const LINGERING_MS = 500;

const stop = new AbortController();
stop.signal.addEventListener('abort', () => setTimeout(() => process.exit(1), MAX_LEAVING_MS).unref());
for (const signal of SIGNALS) process.on(signal, () => stop.abort());
// Whoever supervises this process is gone.
process.on('disconnect', () => stop.abort());

process.exitCode = await run(process.argv.slice(2), process, stop.signal);
// Everything is closed by now. What nobody waits for any more, such as a request or discord.js connecting again after
// it was told to end, does not keep the process.
if (stop.signal.aborted || process.exitCode !== 0) setTimeout(() => process.exit(), LINGERING_MS).unref();
