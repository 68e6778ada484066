import type { Action, CommandRequest } from '../../../domain/surface.ts';

/** What Discord takes for one. */
export const MAX_CUSTOM_ID = 100;

/** Changes with the way of writing, so that a button of another version is never misread. */
const VERSION = '1';

/** What a custom id asks for: what its button does, or that a form was handed in. */
export type RequestKind = Action['kind'] | 'submit';

export interface KindedRequest {
  readonly kind: RequestKind;
  readonly request: CommandRequest;
}

const letters: Readonly<Record<RequestKind, string>> = { run: 'r', form: 'f', turn: 't', submit: 's' };

const NAME = /^[a-z][a-z0-9_]{0,31}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SHA_256_AT_END = /^([a-z-]*)([0-9a-f]{64})$/;
const CHARACTERS_OF_SHA_256 = 43;

/** The button's custom id, from which alone it works for ever; null where it would be longer than Discord takes. */
export function customIdOf({ kind, request }: Pick<Action, 'kind' | 'request'>): string | null {
  const options = Object.entries(request.options);
  const { customId, left } = beginCustomId({ kind, command: request.command, options });
  return left.length === 0 ? customId : null;
}

/** Null where it is not a button of ours, or one that we cannot have made. */
export function parseCustomId(customId: string): Pick<Action, 'kind' | 'request'> | null {
  const parsed = parseKinded(customId);
  if (parsed === null || parsed.kind === 'submit') return null;
  return { kind: parsed.kind, request: parsed.request };
}

type Option = readonly [name: string, value: string];

/** As many of the options as fit, and those that are left; null where the command has no name that could be read again. */
export function beginCustomId(of: {
  readonly kind: RequestKind;
  readonly command: string;
  readonly options: readonly Option[];
}): { readonly customId: string | null; readonly left: readonly Option[] } {
  if (!NAME.test(of.command)) return { customId: null, left: [] };
  return appendOptions(`${VERSION}${letters[of.kind]}${of.command}`, of.options);
}

/** Adds to a custom id what still fits in it. */
export function appendOptions(
  beginning: string,
  options: readonly Option[],
): { readonly customId: string; readonly left: readonly Option[] } {
  let customId = beginning;
  const left: Option[] = [];
  for (const option of options) {
    const text = writeOption(option);
    if (text !== null && customId.length + 1 + text.length <= MAX_CUSTOM_ID) customId += `:${text}`;
    else left.push(option);
  }
  return { customId, left };
}

export function parseKinded(customId: string): KindedRequest | null {
  const [head = '', ...texts] = customId.split(':');
  const kind = kindOf(head.slice(VERSION.length, VERSION.length + 1));
  const command = head.slice(VERSION.length + 1);
  const options = parseOptions(texts);
  if (!head.startsWith(VERSION) || kind === null || !NAME.test(command) || options === null) return null;
  return { kind, request: { command, options } };
}

/** Null where one of them is not as we write it. */
export function parseOptions(texts: readonly string[]): CommandRequest['options'] | null {
  const options = new Map<string, string>();
  for (const text of texts) {
    const option = readOption(text);
    if (option === null || options.has(option[0])) return null;
    options.set(...option);
  }
  return Object.fromEntries(options);
}

function kindOf(letter: string): RequestKind | null {
  switch (letter) {
    case letters.run:
      return 'run';
    case letters.form:
      return 'form';
    case letters.turn:
      return 'turn';
    case letters.submit:
      return 'submit';
    default:
      return null;
  }
}

/** `~` stands before a UUID, `^` before something that ends in a SHA-256, `=` before any other text. */
function writeOption([name, value]: Option): string | null {
  if (!NAME.test(name) || !value.isWellFormed()) return null;
  if (UUID.test(value)) return `${name}~${base64OfHex(value.replaceAll('-', ''))}`;
  const [, before, hash] = SHA_256_AT_END.exec(value) ?? [];
  if (hash !== undefined) return `${name}^${before}${base64OfHex(hash)}`;
  return `${name}=${value.replace(/[^!-~]|[%:]/gu, encodeURIComponent)}`;
}

function readOption(text: string): Option | null {
  const at = text.search(/[~^=]/);
  const name = text.slice(0, at);
  const value = at < 0 ? null : readValue(text.charAt(at), text.slice(at + 1));
  if (value === null) return null;
  // Whatever can be written in only one way is read in only one.
  return writeOption([name, value]) === text ? [name, value] : null;
}

function readValue(sort: string, written: string): string | null {
  if (sort === '~') return hexOfBase64(written).replace(/^(.{8})(.{4})(.{4})(.{4})(.*)$/, '$1-$2-$3-$4-$5');
  if (sort === '^') {
    const before = written.slice(0, -CHARACTERS_OF_SHA_256);
    return before + hexOfBase64(written.slice(-CHARACTERS_OF_SHA_256));
  }
  try {
    return decodeURIComponent(written);
  } catch {
    return null;
  }
}

function base64OfHex(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url');
}

function hexOfBase64(text: string): string {
  return Buffer.from(text, 'base64url').toString('hex');
}
