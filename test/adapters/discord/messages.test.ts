import { describe, expect, it } from 'vitest';
import { startBot } from './running-bot.ts';

describe('what is written on Discord', () => {
  it('is answered by a reply that notifies nobody', async () => {
    const { discord } = await startBot();
    const guild = discord.createGuild('Trainers');
    const ann = guild.addMember('Ann');
    const asked = ann.says(guild.general, `${discord.botMention} When does the harbour open?`);
    const reply = await guild.general.nextMessage();
    expect(reply.content).toContain('I have not learned');
    expect(reply.api.message_reference?.message_id).toBe(asked.id);
    expect(reply.notified).toEqual([]);
    expect(reply.allowedMentions).toEqual({ parse: [], replied_user: false });
  });
});
