import { setImmediate as letOthersRun } from 'node:timers/promises';
import { z } from 'zod';
import type { EventType } from '../../domain/events.ts';
import { type MemberState, memberDecider } from '../../domain/member.ts';
import { streamName } from '../../domain/streams.ts';
import { countEvents, type EventCounts } from '../../projections/history.ts';
import { findMember, policyWithReference } from '../../projections/members.ts';
import { type Answered, type CommandContext, defineCommand } from '../command.ts';
import { exportMember } from '../member-export.ts';
import { choice, oneOf, positional } from '../options.ts';
import { shownBytes } from '../words.ts';

const actions = ['show', 'consent', 'withdraw', 'export'] as const;

export const privacy = defineCommand({
  name: 'privacy',
  right: 'everyone',
  begins: ['ConsentGiven', 'ConsentWithdrawn'],
  isPrivate: true,
  options: z.object({ action: positional(oneOf(actions).default('show'), choice(actions)) }),
  run: async (context, { action }) => {
    switch (action) {
      case 'show':
        return show(context);
      case 'consent':
      case 'withdraw':
        return decideOn(context, action);
      case 'export':
        return exportAll(context);
    }
  },
});

async function show({ services, cause, words }: CommandContext): Promise<Answered> {
  const { db } = services.readModels;
  const { scope, actor: member } = cause;
  const figures = await figuresOf(services, scope, member);
  const state: MemberState = (await findMember(db, scope, member))?.consent ?? 'given on purpose only';
  const { policy, reference } = await policyWithReference(db, scope);
  const permitted = policy.permittedOrigins.includes('message');
  return {
    text: [
      words.privacy.heading(member),
      words.privacy.figures(figures),
      words.privacy.consent[state],
      words.privacy.messages[permitted ? 'permitted' : 'forbidden'],
      words.privacy.never,
      words.privacy.howTo(services.settings.prefix),
    ].join('\n'),
    isPersonal: true,
    data: {
      member,
      consent: state,
      ...figures,
      permittedOrigins: policy.permittedOrigins,
      consentRequired: policy.consentRequired,
      reference,
    },
  };
}

interface Figures {
  questions: number;
  corrections: number;
  feedback: number;
  utterances: number;
  others: number;
}

/** So many are counted before others get their turn. */
const COUNTED_AT_ONCE = 10_000;

async function figuresOf(
  { readModels }: Pick<CommandContext['services'], 'readModels'>,
  scope: string,
  actor: string,
): Promise<Figures> {
  const figures: Figures = { questions: 0, corrections: 0, feedback: 0, utterances: 0, others: 0 };
  for (let after: number | null = 0; after !== null; ) {
    const stretch = { scope, actor, after, limit: COUNTED_AT_ONCE };
    const { counts, last }: EventCounts = await countEvents(readModels.db, stretch);
    for (const { type, events } of counts) figures[kindOf(type)] += events;
    after = last;
    await letOthersRun();
  }
  return figures;
}

function kindOf(type: EventType): keyof Figures {
  switch (type) {
    case 'PredictionMade':
    case 'PredictionFailed':
      return 'questions';
    case 'CorrectionGiven':
      return 'corrections';
    case 'FeedbackGiven':
      return 'feedback';
    case 'VoiceMessageTranscribed':
      return 'utterances';
    default:
      return 'others';
  }
}

async function decideOn(
  { cause, handle, words: { privacy: says } }: CommandContext,
  action: 'consent' | 'withdraw',
): Promise<Answered> {
  const { scope, actor: member } = cause;
  const kind = action === 'consent' ? 'give consent' : 'withdraw consent';
  const { events } = await handle(streamName(scope, 'member', member), memberDecider, { kind, member });
  const isNews = events.length > 0;
  if (action === 'consent') {
    return {
      text: isNews ? says.consented : says.alreadyConsented,
      data: { member, consent: 'consented' },
    };
  }
  return {
    text: isNews ? says.withdrawn : says.alreadyWithdrawn,
    data: { member, consent: 'withdrawn' },
  };
}

async function exportAll({ services, cause, words }: CommandContext): Promise<Answered> {
  const { file, events } = await exportMember(services, cause.scope, cause.actor);
  const { path, bytes, sha256 } = file;
  return {
    text: words.privacy.exported({ events, path, bytes: shownBytes(bytes, words) }),
    isPersonal: true,
    data: { member: cause.actor, events, path, bytes, sha256 },
    files: [{ path, bytes, sha256 }],
  };
}
