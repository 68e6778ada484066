import { AllowedMentionsTypes, type APIAllowedMentions, MessageFlags } from 'discord-api-types/v10';
import { z } from 'zod';
import { NotInStandIn } from '../../api-error.ts';
import { discordIssue, list, parseForm, snowflake, text } from '../form-errors.ts';
import { messageComponents } from './components.ts';
import { embeds } from './embed.ts';

const MAX_CONTENT = 2000;
const MAX_FILES = 10;

const allowedMentions = z
  .object({
    parse: z.array(z.enum(AllowedMentionsTypes)).exactOptional(),
    users: list(snowflake, { max: 100 }).exactOptional(),
    roles: list(snowflake, { max: 100 }).exactOptional(),
    replied_user: z.boolean().exactOptional(),
  })
  .superRefine(({ parse = [], users = [], roles = [] }, context) => {
    const twice = [
      { kind: AllowedMentionsTypes.User, named: users },
      { kind: AllowedMentionsTypes.Role, named: roles },
    ].find(({ kind, named }) => named.length > 0 && parse.includes(kind));
    if (twice === undefined) return;
    context.addIssue(
      discordIssue(
        'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
        `parse:["${twice.kind}"] and ${twice.kind}: [ids...] are mutually exclusive.`,
      ),
    );
  }) satisfies z.ZodType<APIAllowedMentions>;

/** Of a file that comes with the request, `id` is its number; of one to keep, its own id. */
const attachments = list(
  z.object({
    id: snowflake.or(z.int().transform(String)),
    filename: text({ min: 1, max: 1024 }).exactOptional(),
    description: text({ max: 1024 }).exactOptional(),
  }),
  { max: MAX_FILES },
);

const anyMessage = {
  content: text({ max: MAX_CONTENT }).nullish(),
  embeds: z.preprocess(withoutNulls, embeds.nullish()),
  components: z.preprocess(withoutNulls, messageComponents.nullish()),
  attachments: z.preprocess(withoutNulls, attachments.nullish()),
  allowed_mentions: z.preprocess(withoutNulls, allowedMentions.optional()),
  flags: z.int().nullish(),
};

const edit = z.object(anyMessage);

const response = z.object({ ...anyMessage, tts: z.boolean().nullish() });

const creation = z.object({
  ...anyMessage,
  tts: z.boolean().nullish(),
  nonce: text({ max: 25 }).or(z.int()).nullish(),
  enforce_nonce: z.boolean().nullish(),
  message_reference: z
    .object({
      type: z.literal(0).nullish(),
      message_id: snowflake,
      channel_id: snowflake.nullish(),
      guild_id: snowflake.nullish(),
      fail_if_not_exists: z.boolean().nullish(),
    })
    .nullish(),
});

/** What is left alone is undefined, what is taken away is null. */
export type EditBody = z.output<typeof edit>;
/** The message of an interaction's response, or one that follows it. */
export type ResponseBody = z.output<typeof response>;
export type CreationBody = z.output<typeof creation>;

export function parseEdit(body: unknown): EditBody {
  return supported(parseForm(edit, body ?? {}), body);
}

export function parseResponse(body: unknown): ResponseBody {
  return supported(parseForm(response, body ?? {}), body);
}

export function parseCreation(body: unknown): CreationBody {
  return supported(parseForm(creation, body ?? {}), body);
}

const ELSEWHERE = ['poll', 'sticker_ids', 'shared_client_theme', 'thread_name', 'username', 'avatar_url'];

function supported<Parsed extends EditBody>(parsed: Parsed, body: unknown): Parsed {
  const fields = z.looseObject({}).parse(body ?? {});
  const other = ELSEWHERE.find((key) => fields[key] !== undefined && fields[key] !== null);
  if (other !== undefined) throw new NotInStandIn(`messages with ${other}`);
  if (((parsed.flags ?? 0) & MessageFlags.IsComponentsV2) !== 0)
    throw new NotInStandIn('messages made of components only');
  return parsed;
}

/** Inside these, null says the same as nothing. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNulls(inner)]])),
  );
}
