import { expect, test } from 'vitest';
import { OpenAiTranscriber } from '../../../../src/adapters/models/openai/transcriber.ts';
import { startStandIn } from '../../../stand-ins/openai/started.ts';
import { endpointOf } from './endpoints.ts';

const speech = { content: new Uint8Array([79, 103, 103, 83]), format: 'ogg' } as const;

test('what was said is written down', async () => {
  const openai = await startStandIn();
  openai.transcriptions.hears(speech.content, ' When does it open? ');
  const transcriber = new OpenAiTranscriber({ endpoint: endpointOf(openai), model: 'whisper-1' });
  expect(await transcriber.transcribe({ ...speech, language: 'en' })).toBe('When does it open?');
  expect(await transcriber.transcribe({ ...speech, content: new Uint8Array([1]) })).toBe('');
  const form = openai.requests('POST /audio/transcriptions')[0]?.form;
  expect([form?.get('model'), form?.get('language')]).toEqual(['whisper-1', 'en']);
});

test('a recording that cannot be written down is refused with the reason', async () => {
  const openai = await startStandIn();
  const transcriber = new OpenAiTranscriber({ endpoint: endpointOf(openai), model: 'whisper-1' });
  const large = { ...speech, content: new Uint8Array(25 * 2 ** 20 + 1) };
  await expect(transcriber.transcribe(large)).rejects.toThrow('The recording is larger than 25 MB');
  openai.faults.change('POST /audio/transcriptions', () => ({}));
  await expect(transcriber.transcribe(speech)).rejects.toThrow('cannot be read');
  openai.faults.rateLimit('POST /audio/transcriptions', { retryAfter: 2 });
  await expect(transcriber.transcribe(speech)).rejects.toThrow('try again in 2 seconds');
});

test('nobody waits for what nobody wants any more', async () => {
  const openai = await startStandIn();
  const transcriber = new OpenAiTranscriber({ endpoint: endpointOf(openai), model: 'whisper-1' });
  const held = openai.faults.hold('POST /audio/transcriptions');
  const abort = new AbortController();
  const heard = transcriber.transcribe({ ...speech, signal: abort.signal });
  await held.reached;
  abort.abort(new Error('enough'));
  await expect(heard).rejects.toThrow('enough');
  held.release();
});
