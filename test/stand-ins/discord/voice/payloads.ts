import { VoiceOpcodes as Op } from 'discord-api-types/voice/v8';
import { z } from 'zod';
import { snowflake } from '../rest/form-errors.ts';

/** What a client may say on a voice connection, as text. */
export const SentVoicePayload = z.discriminatedUnion('op', [
  z.object({
    op: z.literal(Op.Identify),
    d: z.object({
      server_id: snowflake,
      user_id: snowflake,
      session_id: z.string(),
      token: z.string(),
      max_dave_protocol_version: z.int().optional(),
    }),
  }),
  z.object({
    op: z.literal(Op.SelectProtocol),
    d: z.object({
      protocol: z.string(),
      data: z.object({ address: z.ipv4(), port: z.int().min(1).max(65_535), mode: z.string() }),
    }),
  }),
  z.object({ op: z.literal(Op.Heartbeat), d: z.object({ t: z.int(), seq_ack: z.int().min(-1) }) }),
  z.object({
    op: z.literal(Op.Speaking),
    d: z.object({ speaking: z.int(), delay: z.int(), ssrc: z.int() }),
  }),
  z.object({
    op: z.literal(Op.Resume),
    d: z.object({
      server_id: snowflake,
      session_id: z.string(),
      token: z.string(),
      seq_ack: z.int().min(-1),
    }),
  }),
  z.object({ op: z.literal(Op.DaveTransitionReady), d: z.object({ transition_id: z.int() }) }),
  z.object({ op: z.literal(Op.DaveMlsInvalidCommitWelcome), d: z.object({ transition_id: z.int() }) }),
]);

export type SentVoicePayload = z.output<typeof SentVoicePayload>;
type Of<Code extends Op> = Extract<SentVoicePayload, { op: Code }>['d'];
export type VoiceIdentify = Of<Op.Identify>;
export type VoiceHeartbeat = Of<Op.Heartbeat>;
export type VoiceResume = Of<Op.Resume>;
export type SelectProtocol = Of<Op.SelectProtocol>;
