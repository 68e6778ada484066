import { DAVE_PROTOCOL_VERSION } from '@snazzah/davey';
import { VoiceOpcodes as Op } from 'discord-api-types/voice/v8';
import { expect, test } from 'vitest';
import { outcome, voiceScene } from './scene.ts';

test('end-to-end encryption is offered in its newest version, and sound is heard where the call has none', async () => {
  const scene = await voiceScene();
  expect(await outcome(scene, scene.speak('Not encrypted twice'))).toMatchObject({ kind: 'spoken' });
  const { daveOffered } = await scene.server().sessions.find();
  expect(daveOffered).toBe(DAVE_PROTOCOL_VERSION);
  expect(daveOffered).toBeGreaterThanOrEqual(1);
});

test('where the call has it the bot says with which key it comes, and asks anew for what it cannot follow', async () => {
  const scene = await voiceScene();
  scene.server().daveVersion = DAVE_PROTOCOL_VERSION;
  await scene.join();
  const { payload, session } = await scene.server().dave.take(({ op }) => op === Op.DaveMlsKeyPackage);
  // RFC 9420: version 1 of MLS, and the suite of P-256, AES-128-GCM and SHA-256.
  expect(payload.subarray(0, 4).toString('hex')).toBe('00010002');
  // A commit of a group that the bot is not in: it says so, and begins anew.
  session.tellBinary(Op.DaveMlsAnnounceCommitTransition, Buffer.from([0, 7, 1, 2, 3]));
  const invalid = await scene.server().dave.take(({ op }) => op === Op.DaveMlsInvalidCommitWelcome);
  expect(JSON.parse(String(invalid.payload))).toEqual({ transition_id: 7 });
  await scene.server().dave.take(({ op }) => op === Op.DaveMlsKeyPackage);
  expect(scene.discord.calls.joins.all).toHaveLength(1);
});

test('a message of it that is no message does not end the process: the bot comes anew', async () => {
  const scene = await voiceScene();
  scene.server().daveVersion = DAVE_PROTOCOL_VERSION;
  await scene.join();
  const { session } = await scene.server().dave.take(({ op }) => op === Op.DaveMlsKeyPackage);
  session.tellBinary(Op.DaveMlsExternalSender, Buffer.from('nonsense'));
  await scene
    .server()
    .dave.take(({ op, session: other }) => op === Op.DaveMlsKeyPackage && other !== session);
  expect(await outcome(scene, scene.speak('Here again'))).toMatchObject({ kind: 'spoken' });
  expect(scene.discord.calls.joins.all).toHaveLength(2);
});
