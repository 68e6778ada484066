import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { wavOf } from '../../../src/adapters/audio/decoding/wav.ts';
import { Ffmpeg } from '../../../src/adapters/audio/ffmpeg/ffmpeg.ts';
import { systemVoiceOf } from '../../../src/adapters/audio/speech/say-platforms.ts';
import { SystemSynthesizer } from '../../../src/adapters/audio/speech/system-synthesizer.ts';
import { english } from '../../../src/domain/languages/english/english.ts';
import { tone } from './sound-files.ts';

const PROGRAM = 'espeak-ng';
const sentences = english.sound.voice;

let directory: string;
let path: string | undefined;
let ffmpeg: Ffmpeg;

beforeAll(() => {
  ffmpeg = new Ffmpeg({ threads: 1, mostWaiting: 4 });
});

afterAll(async () => {
  await ffmpeg.close();
});

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'system-voice-'));
  path = process.env.PATH;
  process.env.PATH = `${directory}${delimiter}${path}`;
  await writeFile(join(directory, 'tone.wav'), wavOf(new Uint8Array(tone(1).buffer), 22_050));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  process.env.PATH = path;
  await rm(directory, { recursive: true });
});

/** Puts a program of that name before all others. It writes down its arguments and what it reads. */
async function install(script: string): Promise<void> {
  const file = join(directory, PROGRAM);
  await writeFile(file, `#!/bin/sh\ncd '${directory}'\nprintf '%s\\n' "$@" > arguments\n${script}\n`);
  await chmod(file, 0o755);
}

const writeTone = 'for last in "$@"; do :; done; cp tone.wav "$last"';

async function seconds(text: string, timeLimitMs = 15_000, signal?: AbortSignal): Promise<number> {
  const voice = systemVoiceOf('linux');
  if (voice === null) throw new Error('Linux has a voice');
  const synthesizer = new SystemSynthesizer(voice, ffmpeg, timeLimitMs);
  let samples = 0;
  for await (const sound of synthesizer.synthesize(text, 'ru', signal)) {
    samples += sound.samples.length;
    expect(sound.rate).toBe(22_050);
  }
  return samples / 22_050;
}

describe('a voice of the system', () => {
  it('reads the text from standard input, and finds nothing of it among its arguments', async () => {
    await install(`cat > text; ${writeTone}`);
    const text = '--version $(id) `id` "; rm -rf ~" привет \u0000[[x]]';

    expect(await seconds(text)).toBeCloseTo(1, 2);

    expect(await readFile(join(directory, 'text'), 'utf8')).toBe(
      '--version $(id) `id` "; rm -rf ~" привет  [ [x] ]',
    );
    const given = (await readFile(join(directory, 'arguments'), 'utf8')).trim().split('\n');
    expect(given.slice(0, -1)).toEqual(['-v', 'ru', '-b', '1', '--stdin', '-w']);
  });

  it('is given no key of the bot’s', async () => {
    const secrets = { DISCORD_TOKEN: 'a-token', OPENAI_API_KEY: 'a-key', SOMETHING_ELSE: 'of-somebody' };
    for (const [name, value] of Object.entries(secrets)) vi.stubEnv(name, value);
    await install(`cat > /dev/null; env > environment; ${writeTone}`);
    await seconds('hello');
    const environment = await readFile(join(directory, 'environment'), 'utf8');
    expect(environment).toMatch(/^PATH=/m);
    for (const value of Object.values(secrets)) expect(environment).not.toContain(value);
  });

  it('leaves no file behind', async () => {
    await install(`cat > /dev/null; ${writeTone}`);
    await seconds('hello');
    const written = (await readFile(join(directory, 'arguments'), 'utf8')).trim().split('\n').at(-1) ?? '';
    await expect(readdir(join(written, '..'))).rejects.toThrow('ENOENT');
  });

  it('may complain, as long as it speaks', async () => {
    await install(`echo 'no audio device' >&2; cat > /dev/null; ${writeTone}`);
    expect(await seconds('hello')).toBeCloseTo(1, 2);
  });

  it('may speak without reading all that it is given', async () => {
    await install(`${writeTone}; exec 0<&-`);
    expect(await seconds('word '.repeat(200_000))).toBeCloseTo(1, 2);
  });

  it('speaks in the voice of the system where there is none for the language', async () => {
    await install(`cat > /dev/null; [ "$1" = -v ] && exit 1; ${writeTone}`);
    expect(await seconds('hello')).toBeCloseTo(1, 2);
  });

  it.each([
    ['fails', 'exit 3'],
    ['is killed', 'kill -9 $$'],
    ['writes nothing', 'cat > /dev/null'],
    ['writes something else', 'cat > /dev/null; for last in "$@"; do :; done; echo hello > "$last"'],
  ])('is said to have failed where it %s', async (_what, script) => {
    await install(script);
    await expect(seconds('hello')).rejects.toThrow(sentences.failed({ program: PROGRAM }));
  });

  it('is said to be missing where it is', async () => {
    process.env.PATH = directory;
    await expect(seconds('hello')).rejects.toThrow(sentences.noProgram({ program: PROGRAM }));
  });

  it('is ended where it takes too long', async () => {
    await install('exec sleep 60');
    await expect(seconds('hello', 300)).rejects.toThrow(english.sound.threads.tooSlow);
  });

  it('is ended where nobody wants to hear it', async () => {
    await install('exec sleep 60');
    await expect(seconds('hello', 15_000, AbortSignal.timeout(300))).rejects.toThrow(
      english.sound.threads.cancelled,
    );
  });
});

describe('the voices of other systems', () => {
  it.each([
    ['darwin', 'say'],
    ['win32', 'powershell'],
  ])('are given the text by standard input on %s too', (platform, program) => {
    vi.stubEnv('OPENAI_API_KEY', 'a-key');
    const voice = systemVoiceOf(platform);
    const text = '-o /tmp/x $(id) привет';
    const spoken = { text, voice: voice?.voices.ru ?? null, speed: null, filename: "/tmp/it's.wav" };

    const command = voice?.makePlatform().buildExportCommand(spoken);

    expect(command).toMatchObject({ command: program, pipedData: text });
    expect(command?.args.join(' ')).not.toContain('$(id)');
    expect(command?.options).not.toHaveProperty('shell');
    expect(command?.options).toHaveProperty('env.PATH');
    expect(command?.options).not.toHaveProperty('env.OPENAI_API_KEY');
  });

  it('are not guessed', () => {
    expect(systemVoiceOf('sunos')).toBeNull();
  });
});
