import { buffer } from 'node:stream/consumers';
import type { APIActionRowComponent, APIComponentInMessageActionRow } from 'discord.js';
import type { Words } from '../../../domain/languages/languages.ts';
import type { Workspace } from '../../../domain/ports.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { Reply, ReplyFile } from '../../../domain/surface.ts';
import { actionRows } from './action-rows.ts';
import { FENCE } from './code-blocks.ts';
import { readable } from './readable.ts';
import { MAX_CONTENT, splitText } from './split-text.ts';

const MAX_MESSAGES = 4;
const MAX_FILES = 10;
const BYTES_A_MEGABYTE = 1024 * 1024;

/** Discord takes it as an attachment as it is. */
export interface RenderedFile {
  readonly name: string;
  readonly attachment: Buffer;
}

export interface RenderedMessage {
  readonly content: string;
  readonly files: readonly RenderedFile[];
  readonly components: readonly APIActionRowComponent<APIComponentInMessageActionRow>[];
}

export interface RenderContext {
  readonly words: Words;
  readonly scope: string;
  readonly workspace: Pick<Workspace, 'fileOfReply'>;
  /** The largest file that is taken there; null where none may be attached. Read only where there is a file. */
  readonly maxFileBytes: number | null;
  /** Discord has not taken the files, whatever was thought to be the limit. */
  readonly filesRefused?: boolean;
  /** In how many messages, before a text becomes a file. */
  readonly maxMessages?: number;
}

/** What is posted for a reply, in this order: at least one message, with the buttons under the last one. */
export async function renderReply(
  { text, files, actions }: Pick<Reply, 'text' | 'files' | 'actions'>,
  context: RenderContext,
): Promise<readonly RenderedMessage[]> {
  const { words, maxMessages = MAX_MESSAGES, filesRefused = false } = context;
  const found = await Promise.all(files.map((file) => readFile(file, context)));
  const unsent = found.filter((one) => typeof one === 'string');
  const shown = [readable(text), ...unsent].join('\n').trim();
  const parts = splitText(shown === '' ? words.delivery.empty : shown);
  if (files.length === 0 && parts.length <= maxMessages) return withButtons(parts.map(onlyText), actions);
  const maxFileBytes = filesRefused ? null : context.maxFileBytes;
  const whole = parts.length > maxMessages && maxFileBytes !== null ? wholeText(shown) : null;
  const contents = whole === null ? firstOf(parts) : [beginning(shown, whole, words)];
  const sent = found.filter((one) => typeof one !== 'string');
  const [first = [], ...others] = batches(whole === null ? sent : [whole, ...sent], maxFileBytes ?? 0);
  const messages = [
    ...contents.map((content, index) => ({ content, files: index === contents.length - 1 ? first : [] })),
    ...others.map((batch) => ({ content: '', files: batch })),
  ];
  return withButtons(messages, actions);
}

function onlyText(content: string): Omit<RenderedMessage, 'components'> {
  return { content, files: [] };
}

function withButtons(
  messages: readonly Omit<RenderedMessage, 'components'>[],
  actions: Reply['actions'],
): readonly RenderedMessage[] {
  const rows = actionRows(actions);
  return messages.map((message, index) => ({
    ...message,
    components: index === messages.length - 1 ? rows : [],
  }));
}

function wholeText(text: string): RenderedFile {
  const name = text.includes(FENCE) ? 'reply.md' : 'reply.txt';
  return { name, attachment: Buffer.from(text) };
}

function firstOf(parts: readonly string[]): readonly string[] {
  if (parts.length <= MAX_MESSAGES) return parts;
  return [...parts.slice(0, MAX_MESSAGES - 1), '…'];
}

function beginning(text: string, whole: RenderedFile, words: Words): string {
  const note = words.delivery.whole(whole.name);
  const [start = ''] = splitText(text, MAX_CONTENT - note.length - 1);
  return `${start}\n${note}`;
}

/** The file, or the sentence in its place. */
async function readFile(
  { path, bytes }: ReplyFile,
  { words, scope, workspace, maxFileBytes, filesRefused }: RenderContext,
): Promise<RenderedFile | string> {
  const name = path.split('/').at(-1) ?? path;
  if (filesRefused === true) return words.delivery.refused(path);
  if (maxFileBytes === null) return words.delivery.notPermitted(path);
  if (bytes > maxFileBytes)
    return words.delivery.tooLarge(path, megabytes(bytes), maxFileBytes / BYTES_A_MEGABYTE);
  try {
    const file = await workspace.fileOfReply(scope, path);
    return { name, attachment: await buffer(file.read()) };
  } catch (error) {
    if (error instanceof Refusal) return words.delivery.missing(path, error.inWords(words));
    throw error;
  }
}

function megabytes(bytes: number): string {
  return (Math.ceil((bytes / BYTES_A_MEGABYTE) * 10) / 10).toFixed(1);
}

/** As many together as one message takes. */
function batches(files: readonly RenderedFile[], maxBytes: number): readonly (readonly RenderedFile[])[] {
  const all: { files: RenderedFile[]; bytes: number }[] = [];
  for (const file of files) {
    const last = all.at(-1);
    const bytes = file.attachment.length;
    if (last !== undefined && last.files.length < MAX_FILES && last.bytes + bytes <= maxBytes) {
      last.files.push(file);
      last.bytes += bytes;
    } else all.push({ files: [file], bytes });
  }
  return all.map((batch) => batch.files);
}
