import { expect, test } from 'vitest';
import type { Recorded } from '../../../../src/domain/events.ts';
import { startStandIn } from '../../../stand-ins/discord/real-client.ts';
import type { SeenMessage } from '../../../stand-ins/discord/view/message.ts';
import { startBot } from '../running-bot.ts';

const QUESTION = 'When does the harbour open?';
const ANSWER = 'At six, and on Sundays at eight.';
const PERMISSION = 'Discord ticket 12345 of 3 May 2026';

async function started() {
  const discord = await startStandIn();
  const guild = discord.createGuild('Trainers');
  const running = await startBot({ discord });
  await expect.poll(() => guild.owner.seesCommands().length).toBeGreaterThan(0);
  return { ...running, guild, owner: guild.owner };
}

const LINKS = ['answer', 'model', 'job', 'dataset', 'correction'];

/** The button that opens the form for a better answer. */
function pencil(message: SeenMessage) {
  const button = message.buttons.find(({ customId }) => customId.startsWith('1fcorrect:'));
  if (button === undefined) throw new Error(`There is no pencil under “${message.content}”.`);
  return button;
}

async function byInteractions() {
  const { guild, owner, events } = await started();
  await owner.uses('policy', { permission: PERMISSION }).reply();
  await owner.uses('privacy', { action: 'consent' }).reply();
  const abstained = await owner.uses('ask', { question: QUESTION }).reply();
  expect(abstained.content).not.toContain(ANSWER);
  const modal = await owner.presses(pencil(abstained)).modal();
  expect(modal.prefilled('The question')).toBe(QUESTION);
  await owner.submits(modal, { 'The better answer': ANSWER }).reply();
  await owner.uses('retrain').reply();
  const job = await guild.general.nextMessage(({ content }) => /[█░]/.test(content));
  await job.becomes(({ buttons }) => buttons.length > 0);
  await owner.presses(job.button('Promote this model')).reply();
  const learned = await owner.uses('ask', { question: QUESTION }).reply();
  expect(learned.content).toContain(ANSWER);
  const history = owner.opensMenu(learned, 'Where does this come from?');
  expect(await history.acknowledged()).toEqual({ deferred: true, ephemeral: true });
  const told = await history.reply();
  for (const link of LINKS) expect(told.content).toContain(link);
  return events();
}

async function byPrefix() {
  const { discord, bot, guild, owner, events } = await started();
  const says = async (text: string): Promise<SeenMessage> => {
    const { id } = owner.says(guild.general, text);
    return guild.general.nextMessage(({ api }) => api.message_reference?.message_id === id);
  };
  await says(`!policy permission="${PERMISSION}"`);
  await says('!privacy consent');
  const abstained = await says(`${discord.botMention} ${QUESTION}`);
  expect(abstained.content).not.toContain(ANSWER);
  await says(`!correct last question="${QUESTION}" ${ANSWER}`);
  await says('!retrain');
  await bot.idle(guild.id);
  await says('!promote');
  const learned = await says(`${discord.botMention} ${QUESTION}`);
  expect(learned.content).toContain(ANSWER);
  const told = await says('!history last');
  for (const link of LINKS) expect(told.content).toContain(link);
  return events();
}

test('in direct messages everybody teaches the bot for themselves, and nobody else hears of it', async () => {
  const { discord, guild, owner, bot } = await started();
  const ann = guild.addMember('Ann');
  const { directMessages } = ann;
  const there = { in: directMessages };
  const abstained = await ann.uses('ask', { question: QUESTION }, there).reply();
  const modal = await ann.presses(pencil(abstained)).modal();
  const corrected = await ann.submits(modal, { 'The better answer': ANSWER }).reply();
  expect(corrected.content).toContain('retrain teaches it to a model');
  await ann.uses('retrain', {}, there).reply();
  const job = await directMessages.nextMessage(({ content }) => /[█░]/.test(content));
  await job.becomes(({ buttons }) => buttons.length > 0);
  await ann.presses(job.button('Promote this model')).reply();
  ann.says(directMessages, QUESTION);
  await directMessages.nextMessage(({ content }) => content.includes(ANSWER));
  ann.says(directMessages, '!settings review=off');
  await directMessages.nextMessage(({ content }) => content.includes('Review: off'));

  expect((await bot.settingsOf(guild.id)).review).toBe('untrusted');
  const other = await owner.uses('ask', { question: QUESTION }).reply();
  expect(other.content).not.toContain(ANSWER);
  expect(discord.unexpected).toEqual([]);
});

test('the loop closes by menus, forms and buttons as it does by what is written, and the ledgers are the same but for the origin', async () => {
  const [interactions, messages] = await Promise.all([byInteractions(), byPrefix()]);
  expect(interactions.map(({ type }) => type)).toEqual([
    'PolicyRecorded',
    'ConsentGiven',
    'PredictionMade',
    'CorrectionGiven',
    'DatasetBuilt',
    'DatasetExamplesListed',
    'TrainingRequested',
    'TrainingTaken',
    'TrainingStarted',
    'TrainingProgressed',
    'TrainingSucceeded',
    'ModelPromoted',
    'PredictionMade',
  ]);
  expect(withoutNames(messages)).toEqual(withoutNames(interactions));
  expect(new Set(messages.map(({ metadata }) => metadata.origin))).toEqual(new Set(['message']));
  expect(new Set(interactions.map(({ metadata }) => metadata.origin))).toEqual(new Set(['interaction']));
}, 60_000);

/** The same for two ledgers in which the same things happened: ids are numbered as they occur, and times are gone. */
function withoutNames(events: readonly Recorded[]): unknown {
  const numbers = new Map<string, string>();
  const text = JSON.stringify(
    events.map(({ type, stream, revision, data, metadata }) => {
      const { actor, scope, channel } = metadata;
      return { type, stream, revision, data, actor, scope, channel };
    }),
  );
  const numbered = text.replace(
    /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}|\b\d{17,20}\b|\d{4}-\d\d-\d\dT[\d:.]+Z/g,
    (name) => {
      const known = numbers.get(name) ?? `#${numbers.size + 1}`;
      numbers.set(name, known);
      return known;
    },
  );
  const parsed: unknown = JSON.parse(numbered, (key, value: unknown) =>
    key === 'origin' || key === 'latencyMs' ? undefined : value,
  );
  return parsed;
}
