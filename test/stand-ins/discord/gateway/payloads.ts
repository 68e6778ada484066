import { GatewayOpcodes as Op } from 'discord-api-types/v10';
import { z } from 'zod';
import { snowflake } from '../rest/form-errors.ts';

const sequence = z.int().nullable();

/** What a client may send. */
export const SentPayload = z.discriminatedUnion('op', [
  z.object({ op: z.literal(Op.Heartbeat), d: sequence }),
  z.object({
    op: z.literal(Op.Identify),
    d: z.object({
      token: z.string(),
      intents: z.int(),
      properties: z.looseObject({}),
      shard: z.tuple([z.int().min(0), z.int().min(1)]).optional(),
      compress: z.boolean().optional(),
      large_threshold: z.int().optional(),
      presence: z.looseObject({}).optional(),
    }),
  }),
  z.object({
    op: z.literal(Op.Resume),
    d: z.object({ token: z.string(), session_id: z.string(), seq: z.int() }),
  }),
  z.object({ op: z.literal(Op.PresenceUpdate), d: z.looseObject({}) }),
  z.object({
    op: z.literal(Op.VoiceStateUpdate),
    d: z.object({
      guild_id: snowflake,
      channel_id: snowflake.nullable(),
      self_mute: z.boolean(),
      self_deaf: z.boolean(),
    }),
  }),
  z.object({
    op: z.literal(Op.RequestGuildMembers),
    d: z.object({
      guild_id: snowflake,
      query: z.string().optional(),
      limit: z.int().optional(),
      user_ids: z
        .array(snowflake)
        .or(snowflake.transform((id) => [id]))
        .optional(),
      nonce: z.string().optional(),
    }),
  }),
]);

export type SentPayload = z.output<typeof SentPayload>;
export type Identify = Extract<SentPayload, { op: Op.Identify }>['d'];
export type Resume = Extract<SentPayload, { op: Op.Resume }>['d'];
export type VoiceStateRequest = Extract<SentPayload, { op: Op.VoiceStateUpdate }>['d'];
export type RequestGuildMembers = Extract<SentPayload, { op: Op.RequestGuildMembers }>['d'];
