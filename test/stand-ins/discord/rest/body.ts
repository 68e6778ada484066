import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { apiError, NotInStandIn } from '../api-error.ts';

export interface UploadedFile {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

export interface Body {
  /** The JSON; undefined where none was sent. */
  readonly json: unknown;
  /** By the number in `files[n]`. */
  readonly files: ReadonlyMap<string, UploadedFile>;
}

/** @throws ApiError where it is not JSON; NotInStandIn where it is sent in a way that bots seldom use */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const bytes = await buffer(request);
  const contentType = request.headers['content-type'] ?? '';
  if (bytes.length === 0) return { json: undefined, files: new Map() };
  if (contentType.startsWith('multipart/form-data')) return readForm(bytes, contentType);
  if (contentType.startsWith('application/json'))
    return { json: parse(bytes.toString('utf8')), files: new Map() };
  throw new NotInStandIn(`bodies of the type ${contentType}`);
}

async function readForm(bytes: Buffer<ArrayBuffer>, contentType: string): Promise<Body> {
  const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
  const files = new Map<string, UploadedFile>();
  let json: unknown = {};
  for (const [field, value] of form) {
    const index = /^files\[(\d+)\]$/.exec(field)?.[1];
    if (typeof value !== 'string' && index !== undefined) {
      files.set(index, {
        name: value.name,
        contentType: value.type,
        bytes: Buffer.from(await value.arrayBuffer()),
      });
    } else if (typeof value === 'string' && field === 'payload_json') {
      json = parse(value);
    } else {
      throw new NotInStandIn(`the form field ${field}`);
    }
  }
  return { json, files };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw apiError('RequestBodyContainsInvalidJSON');
  }
}
