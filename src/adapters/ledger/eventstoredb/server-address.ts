import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { Refusal } from '../../../domain/refusal.ts';

/** What LEDGER_URL says. */
export interface ServerAddress {
  /** As it was given: it may hold a password. */
  readonly url: string;
  /** For people, without credentials. */
  readonly shown: string;
  readonly endpoints: readonly { readonly address: string; readonly port: number }[];
  /** Whether the one endpoint is a name that stands for the whole cluster. */
  readonly isDiscovered: boolean;
  readonly credentials: { readonly username: string; readonly password: string } | null;
  readonly tls: boolean;
  readonly certificates: {
    readonly rootCertificate?: Buffer;
    readonly userCertFile?: Buffer;
    readonly userKeyFile?: Buffer;
  };
  /** In ms. */
  readonly deadline: number;
  readonly connection: z.infer<typeof Connection>;
}

const DEFAULT_PORT = 2113;
const DEFAULT_DEADLINE_MS = 10_000;

const Milliseconds = z
  .string()
  .regex(/^\d{1,8}$/)
  .transform(Number)
  .pipe(z.int().positive());
const Flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const Interval = z
  .string()
  .regex(/^(-1|\d{1,8})$/)
  .transform(Number);

/** What is handed on to the client as it is. */
const Connection = z.object({
  connectionName: z.string().optional(),
  /** In ms, -1 for none. */
  keepAliveInterval: Interval.optional(),
  keepAliveTimeout: Interval.optional(),
  maxDiscoverAttempts: Milliseconds.optional(),
  discoveryInterval: Milliseconds.optional(),
  /** In seconds. */
  gossipTimeout: Milliseconds.optional(),
});

const Options = Connection.extend({
  tls: Flag.default(true),
  tlsCAFile: z.string().optional(),
  userCertFile: z.string().optional(),
  userKeyFile: z.string().optional(),
  defaultDeadline: Milliseconds.default(DEFAULT_DEADLINE_MS),
  // What else stands in connection strings: it may be said where it says what holds anyhow.
  nodePreference: z.literal('leader').optional(),
  throwOnAppendFailure: z.literal('true').optional(),
  tlsVerifyCert: z.literal('true').optional(),
});

const names = new Map(Object.keys(Options.shape).map((name) => [flat(name), name]));

const URL_FORM = /^(esdb(?:\+discover)?):\/\/(?:([^/?#]*)@)?([^/?#@]+)\/?(?:\?([^#]*))?$/;

/**
 * Reads a connection string by itself, as the client prints what it does not know together with the password.
 * @throws Refusal naming what is wrong with it, never with a password
 */
export function parseServerAddress(url: string): ServerAddress {
  const [, scheme, user, hosts, query = ''] = URL_FORM.exec(url.trim()) ?? [];
  if (scheme === undefined || hosts === undefined) {
    throw wrong('it must be esdb://HOST:PORT or esdb+discover://NAME, with options behind a question mark');
  }
  const options = parseOptions(query);
  const endpoints = hosts
    .split(',')
    .filter((host) => host !== '')
    .map(parseEndpoint);
  if (endpoints.length === 0) throw wrong('it names no host');
  const isDiscovered = scheme === 'esdb+discover';
  if (isDiscovered && endpoints.length > 1) {
    throw wrong('esdb+discover:// takes one name; put several hosts behind esdb://');
  }
  const { tls, tlsCAFile, userCertFile, userKeyFile, defaultDeadline } = options;
  if ((userCertFile === undefined) !== (userKeyFile === undefined)) {
    throw wrong('userCertFile and userKeyFile belong together');
  }
  return {
    url,
    shown: `${scheme}://${hosts}`,
    endpoints,
    isDiscovered,
    credentials: user === undefined ? null : parseCredentials(user),
    tls,
    certificates: {
      ...(tlsCAFile !== undefined && { rootCertificate: readCertificate('tlsCAFile', tlsCAFile) }),
      ...(userCertFile !== undefined && { userCertFile: readCertificate('userCertFile', userCertFile) }),
      ...(userKeyFile !== undefined && { userKeyFile: readCertificate('userKeyFile', userKeyFile) }),
    },
    deadline: defaultDeadline,
    connection: connectionIn(options),
  };
}

function connectionIn(options: z.infer<typeof Options>): ServerAddress['connection'] {
  const { connectionName, keepAliveInterval, keepAliveTimeout } = options;
  const { maxDiscoverAttempts, discoveryInterval, gossipTimeout } = options;
  return {
    connectionName,
    keepAliveInterval,
    keepAliveTimeout,
    maxDiscoverAttempts,
    discoveryInterval,
    gossipTimeout,
  };
}

function parseOptions(query: string): z.infer<typeof Options> {
  const given: Record<string, string> = {};
  for (const pair of query.split('&').filter((each) => each !== '')) {
    const [key = '', value = ''] = pair.split(/=(.*)/s);
    const name = names.get(flat(key));
    if (name === undefined) throw wrong(`the option ${JSON.stringify(key)} is unknown`);
    given[name] = decode(value);
  }
  const options = Options.safeParse(given);
  if (options.success) return options.data;
  const [name] = options.error.issues[0]?.path ?? [];
  throw wrong(explainOption(String(name)));
}

function explainOption(name: string): string {
  switch (name) {
    case 'nodePreference':
      return 'nodePreference must be leader or be left out, as what is decided is read from the leader';
    case 'tlsVerifyCert':
      return 'certificates are always verified: name the CA with tlsCAFile=FILE instead of tlsVerifyCert=false';
    case 'throwOnAppendFailure':
      return 'throwOnAppendFailure cannot be switched off';
    case 'tls':
      return 'tls must be true or false';
    default:
      return `${name} must be a whole number`;
  }
}

function parseEndpoint(host: string): { address: string; port: number } {
  const [, address, port] = /^(\[[0-9a-f:]+\]|[^:[\]]+)(?::(\d{1,5}))?$/i.exec(host.trim()) ?? [];
  const number = port === undefined ? DEFAULT_PORT : Number(port);
  if (address === undefined || number < 1 || number > 65_535) {
    throw wrong(`${JSON.stringify(host)} is no HOST:PORT`);
  }
  return { address, port: number };
}

function parseCredentials(user: string): { username: string; password: string } {
  const [username, password, ...rest] = user.split(':').map(decode);
  if (username === undefined || username === '' || password === undefined || rest.length > 0) {
    throw wrong('credentials must be USER:PASSWORD, with %3A for a colon and %40 for an @ in them');
  }
  return { username, password };
}

function readCertificate(option: string, path: string): Buffer {
  const file = resolve(path);
  if (!existsSync(file)) throw wrong(`the file ${file} that ${option} names does not exist`);
  return readFileSync(file);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong('it holds a % that stands for no character');
  }
}

function flat(name: string): string {
  return name.trim().toLowerCase().replaceAll(/[_-]/g, '');
}

function wrong(problem: string): Refusal {
  return new Refusal(`LEDGER_URL cannot be used: ${problem}.`);
}
