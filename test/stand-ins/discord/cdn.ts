import { createHmac, randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { APIAttachment, Snowflake } from 'discord-api-types/v10';
import type { StandInClock } from './clock.ts';
import { LoopbackServer } from './loopback-server.ts';

const LIFETIME_MS = 24 * 60 * 60_000;

export interface FileToStore {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly contentType?: string;
  readonly description?: string;
}

interface Stored {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** What a test makes of the next downloads of a file. */
export type Download =
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'status'; readonly status: number }
  /** Begins and never ends. */
  | { readonly kind: 'stall' }
  /** Breaks off after half of it. */
  | { readonly kind: 'break off' }
  /** Goes on for ever. */
  | { readonly kind: 'endless' }
  /** Something else in its place, packed so that it only grows once it has arrived. */
  | { readonly kind: 'packed'; readonly bytes: Uint8Array };

/** Files on a host of their own, behind signed addresses that expire. */
export class Cdn {
  readonly #clock: StandInClock;
  readonly #secret = randomBytes(32);
  readonly #files = new Map<string, Stored>();
  readonly #downloads = new Map<string, Download>();
  readonly #server: LoopbackServer;
  /** The paths that were asked for, in order. */
  readonly requests: string[] = [];

  constructor(clock: StandInClock) {
    this.#clock = clock;
    this.#server = new LoopbackServer((request, response) => this.#serve(request.url ?? '/', response));
  }

  start(): Promise<void> {
    return this.#server.start();
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  get url(): string {
    return `http://${this.#server.host}`;
  }

  /** @param place the channel's id, or the application's for what comes with an interaction */
  store(id: Snowflake, place: Snowflake, file: FileToStore, { ephemeral = false } = {}): APIAttachment {
    const folder = ephemeral ? 'ephemeral-attachments' : 'attachments';
    const path = `/${folder}/${place}/${id}/${encodeURIComponent(file.name)}`;
    const contentType = file.contentType || 'application/octet-stream';
    this.#files.set(path, { bytes: file.bytes, contentType });
    const url = `${this.url}${path}?${this.#sign(path)}`;
    return {
      id,
      filename: file.name,
      size: file.bytes.byteLength,
      url,
      proxy_url: url,
      content_type: contentType,
      ...(file.description !== undefined && { description: file.description }),
      ...(ephemeral && { ephemeral }),
    };
  }

  /** What lies at an address of this CDN, whether or not it has expired. */
  contentOf(url: string): Uint8Array {
    const stored = this.#files.get(new URL(url).pathname);
    if (stored === undefined) throw new Error(`There is nothing at ${url}.`);
    return stored.bytes;
  }

  /** From now on the file is answered with this instead. */
  spoil(attachment: Pick<APIAttachment, 'url'>, download: Download): void {
    this.#downloads.set(new URL(attachment.url).pathname, download);
  }

  #sign(path: string): string {
    const expires = Math.floor((this.#clock.now + LIFETIME_MS) / 1000).toString(16);
    const issued = Math.floor(this.#clock.now / 1000).toString(16);
    return `ex=${expires}&is=${issued}&hm=${this.#signature(path, expires, issued)}&`;
  }

  #signature(path: string, expires: string, issued: string): string {
    return createHmac('sha256', this.#secret).update(`${path} ${expires} ${issued}`).digest('hex');
  }

  #serve(target: string, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(target, this.url);
    this.requests.push(pathname);
    const stored = this.#files.get(pathname);
    const [expires = '', issued = '', signature] = ['ex', 'is', 'hm'].map(
      (key) => searchParams.get(key) ?? '',
    );
    const valid = signature === this.#signature(pathname, expires, issued);
    if (stored === undefined || !valid || Number.parseInt(expires, 16) * 1000 < this.#clock.now) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('This content is no longer available.');
      return;
    }
    const download = this.#downloads.get(pathname);
    if (download === undefined) sendWhole(response, stored);
    else sendSpoilt(response, stored, download);
  }
}

function sendWhole(response: ServerResponse, { bytes, contentType }: Stored): void {
  response.writeHead(200, { 'content-type': contentType, 'content-length': bytes.byteLength }).end(bytes);
}

function sendSpoilt(response: ServerResponse, { bytes, contentType }: Stored, download: Download): void {
  switch (download.kind) {
    case 'redirect':
      response.writeHead(302, { location: download.to }).end();
      return;
    case 'status':
      response.writeHead(download.status).end();
      return;
    case 'stall':
      response.writeHead(200, { 'content-type': contentType, 'content-length': bytes.byteLength });
      response.flushHeaders();
      return;
    case 'break off':
      response.writeHead(200, { 'content-type': contentType, 'content-length': bytes.byteLength });
      response.write(bytes.subarray(0, bytes.byteLength / 2), () => response.socket?.destroy());
      return;
    case 'endless':
      response.writeHead(200, { 'content-type': contentType });
      pour(response);
      return;
    case 'packed':
      response.writeHead(200, { 'content-type': contentType, 'content-encoding': 'gzip' });
      response.end(gzipSync(download.bytes));
  }
}

const DROPS = Buffer.alloc(64 * 1024, 'x');

/** As fast as it is read, and no faster. */
function pour(response: ServerResponse): void {
  while (!response.destroyed && response.write(DROPS));
  if (!response.destroyed) response.once('drain', () => pour(response));
}
