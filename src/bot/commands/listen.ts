import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import { type Answered, type CommandContext, defineCommand } from '../command.ts';
import { choice, oneOf, positional } from '../options.ts';
import { cannotHear, mayHear } from '../processes/hearing.ts';
import { shownChannel, shownMember, voiceOf } from '../voice-place.ts';

const states = ['on', 'off'] as const;

export const listen = defineCommand({
  name: 'listen',
  right: 'everyone',
  needsVoice: true,
  options: z.object({ state: positional(oneOf(states).default('on'), choice(states)) }),
  run: (context, { state }) => (state === 'on' ? begin(context) : end(context)),
});

async function begin(context: CommandContext): Promise<Answered> {
  const { services, incoming, cause, words } = context;
  const { room, people } = voiceOf(incoming);
  if (services.transcriber === null) throw cannotHear();
  const channel = room.membersChannel;
  if (channel === null) throw new Refusal(({ voice }) => voice.inNoChannel);
  room.requireTelling(channel);
  const goesOn = room.isListening && room.channel === channel;
  if (room.channel !== channel) await room.join(channel, cause);
  if (!goesOn) await room.listen(true, cause);
  const { heard, unheard } = await divided(context, people);
  const says = words.voice.listening;
  const { prefix } = services.settings;
  const shown = (members: readonly string[]) => members.map((member) => shownMember(member, incoming));
  const text = [
    says[goesOn ? 'goesOn' : 'begins'](shownChannel(channel, incoming)),
    heard.length === 0 ? says.nobodyHeard : says.heard(shown(heard)),
    ...(unheard.length === 0 ? [] : [says.unheard({ members: shown(unheard), prefix })]),
    ...(heard.length === 0 ? [] : [says.answered]),
    says.later(prefix),
  ].join('\n');
  return {
    text,
    data: { channel, listening: true, heard, unheard },
    listening: { channel, on: true, text },
  };
}

async function end({ incoming, cause, words }: CommandContext): Promise<Answered> {
  const { room } = voiceOf(incoming);
  const { channel } = room;
  if (!room.isListening || channel === null) throw new Refusal(({ voice }) => voice.listening.isOff);
  await room.listen(false, cause);
  const text = words.voice.listening.ends(shownChannel(channel, incoming));
  return { text, data: { channel, listening: false }, listening: { channel, on: false, text } };
}

/** By their consent. */
async function divided({ services, cause }: CommandContext, people: readonly string[]) {
  const heard: string[] = [];
  const unheard: string[] = [];
  for (const member of people) {
    const consents = await mayHear(services.readModels, cause.scope, member);
    (consents ? heard : unheard).push(member);
  }
  return { heard, unheard };
}
