import OpenAI from 'openai';

/** A server took longer than it may. */
export class TooSlow extends Error {}

export interface EndpointOptions {
  /** With the version, such as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** Null where the server wants none, as most of one's own do. */
  readonly apiKey: string | null;
  /** Where people set the key. */
  readonly keyVariable: string;
  readonly organization?: string | null;
  readonly project?: string | null;
  /** How long an answer may take to begin, and to go on. */
  readonly timeoutMs: number;
  /** How often a request is sent again where that does no harm. */
  readonly retries: number;
}

/** What the client sends where a server wants no key: it does not work without any. */
const NO_KEY = 'none';
/** In milliseconds: a server that asks for a longer pause is not listened to. */
const MAX_WAIT_TO_RETRY = 60_000;
const HIDDEN = '[key]';
const MAX_MESSAGE_LENGTH = 300;

/** A server that speaks OpenAI's API, and what may be said of it. */
export class Endpoint {
  readonly client: OpenAI;
  readonly keyVariable: string;
  /** Host and port: a URL may have a password in it. */
  readonly host: string;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly #secrets: readonly string[];

  constructor(options: EndpointOptions) {
    const { baseUrl, apiKey, keyVariable, organization, project, timeoutMs, retries } = options;
    const { host, username, password } = new URL(baseUrl);
    this.client = new OpenAI({
      baseURL: baseUrl,
      apiKey: apiKey ?? NO_KEY,
      // What the client would take from the environment belongs to one server, and there may be two.
      adminAPIKey: null,
      organization: organization ?? null,
      project: project ?? null,
      webhookSecret: null,
      timeout: timeoutMs,
      maxRetries: retries,
      // It would write what people said to the console.
      logLevel: 'off',
    });
    this.keyVariable = keyVariable;
    this.host = host;
    this.timeoutMs = timeoutMs;
    this.retries = retries;
    this.#secrets = [apiKey, username, password]
      .filter((secret): secret is string => secret !== null && secret !== '')
      .flatMap((secret) => [secret, decodeURIComponent(secret), encodeURIComponent(secret)])
      .toSorted((one, other) => other.length - one.length);
  }

  /**
   * Asks for something within a time that nothing can draw out, such as an answer of which one byte comes at a time.
   * @param attempts how often the client may send it
   * @throws TooSlow, the signal's reason, and what faultOf tells apart
   */
  async ask<T>(
    signal: AbortSignal,
    call: (client: OpenAI, signal: AbortSignal) => Promise<T>,
    {
      timeoutMs = this.timeoutMs,
      attempts = this.retries + 1,
    }: { timeoutMs?: number; attempts?: number } = {},
  ): Promise<T> {
    signal.throwIfAborted();
    const limit = AbortSignal.timeout((timeoutMs + MAX_WAIT_TO_RETRY) * attempts);
    try {
      return await call(this.client, AbortSignal.any([signal, limit]));
    } catch (error) {
      signal.throwIfAborted();
      throw limit.aborted ? new TooSlow() : error;
    }
  }

  /** What a server says, fit for people and the ledger: on one line, not too long, and without the key. */
  quote(said: string): string {
    const hidden = this.#secrets.reduce((text, secret) => text.replaceAll(secret, HIDDEN), said);
    const line = hidden.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
    return line.length > MAX_MESSAGE_LENGTH ? `${line.slice(0, MAX_MESSAGE_LENGTH)}…` : line;
  }
}
