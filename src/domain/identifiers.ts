import { parse as parseUuid, v5 as uuidV5 } from 'uuid';

/** Our namespace for RFC 9562 version 5 UUIDs. Changing it would make every retried command look new. */
const NAMESPACE = parseUuid('6d1f0c3a-3f5b-5d0e-9c43-0b8a6f0a7c11');

/** The same parts always give the same UUID, so what a command makes can be recognised when it is repeated. */
export function deriveId(...parts: readonly (string | number)[]): string {
  return uuidV5(JSON.stringify(parts), NAMESPACE);
}

/** A number from 0 up to but not including 1 that depends on nothing but the key. */
export function fractionOf(key: string): number {
  const bytes = uuidV5(key, NAMESPACE, new Uint8Array(16));
  return new DataView(bytes.buffer).getUint32(0) / 2 ** 32;
}

/** What people are shown of an id; any unique prefix is understood. */
export function shorten(id: string): string {
  const [, start] = /^((?:[a-z]+-)?[0-9a-f]{8})[0-9a-f-]{24,}$/.exec(id) ?? [];
  return start ?? id;
}
