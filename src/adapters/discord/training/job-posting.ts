import {
  type APIActionRowComponent,
  type APIComponentInMessageActionRow,
  MessageFlags,
  type REST,
  Routes,
  SnowflakeUtil,
} from 'discord.js';
import { z } from 'zod';
import { noMentions } from '../message-body.ts';
import { isTextOfJob } from './job-text.ts';

export interface ShownJob {
  readonly text: string;
  readonly components: readonly APIActionRowComponent<APIComponentInMessageActionRow>[];
  /** PNG. */
  readonly chart: Uint8Array | null;
}

const PAGE = 100;
const MAX_PAGES = 10;
/** Discord's clock and ours. */
const CLOCKS_APART_MS = 60_000;
const MAX_NONCE = 25;

const SeenMessage = z.object({ id: z.string(), content: z.string(), author: z.object({ id: z.string() }) });
const SeenMessages = z.array(SeenMessage);

/** The requests for the message of a job. Each throws whatever the request failed with. */
export class JobPosting {
  readonly #rest: REST;
  readonly #bot: string;

  constructor(rest: REST, bot: string) {
    this.#rest = rest;
    this.#bot = bot;
  }

  /** The same job is posted once, however often it is tried within some minutes. @returns the message's id */
  async post(channel: string, job: string, shown: ShownJob): Promise<string> {
    const nonce = job.replaceAll('-', '').slice(0, MAX_NONCE);
    const body = { ...bodyOf(shown), nonce, enforce_nonce: true };
    const posted = await this.#rest.post(Routes.channelMessages(channel), { body, files: filesOf(shown) });
    return z.object({ id: z.string() }).parse(posted).id;
  }

  async edit(channel: string, message: string, shown: ShownJob): Promise<void> {
    await this.#rest.patch(Routes.channelMessage(channel, message), {
      body: bodyOf(shown),
      files: filesOf(shown),
    });
  }

  /** The message that was posted for a job and whose id was not kept. @param since ms since 1970 */
  async find(channel: string, job: string, since: number): Promise<string | null> {
    let after = SnowflakeUtil.generate({
      timestamp: Math.max(Number(SnowflakeUtil.epoch), since - CLOCKS_APART_MS),
    }).toString();
    for (let page = 0; page < MAX_PAGES; page++) {
      const query = new URLSearchParams({ after, limit: String(PAGE) });
      const messages = SeenMessages.parse(await this.#rest.get(Routes.channelMessages(channel), { query }));
      const found = messages.find(
        ({ author, content }) => author.id === this.#bot && isTextOfJob(content, job),
      );
      if (found !== undefined) return found.id;
      const [newest] = messages;
      if (newest === undefined || messages.length < PAGE) return null;
      after = newest.id;
    }
    return null;
  }
}

function bodyOf({ text, components, chart }: ShownJob) {
  return {
    content: text,
    components,
    allowed_mentions: noMentions,
    flags: MessageFlags.SuppressEmbeds,
    attachments: chart === null ? [] : [{ id: '0', filename: CHART }],
  };
}

function filesOf({ chart }: ShownJob) {
  return chart === null ? [] : [{ name: CHART, data: Buffer.from(chart), contentType: 'image/png' }];
}

const CHART = 'loss.png';
