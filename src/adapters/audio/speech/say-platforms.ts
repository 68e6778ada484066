import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { z } from 'zod';
import { childEnvironment } from '../../child-environment.ts';
import { espeakVoices, type SpokenLanguage } from './voices.ts';

const require = createRequire(import.meta.url);

interface Spoken {
  readonly text: string;
  readonly voice: string | null;
  readonly speed: number | null;
  readonly filename: string;
}

interface Command {
  readonly command: string;
  readonly args: readonly string[];
  /** What standard input is given. */
  readonly pipedData: string;
  readonly options: object;
}

/** A platform of the package `say`, which has no types of its own; it is used for one export. */
export interface SayPlatform {
  /** Once the export has begun. */
  readonly child: ChildProcess | null;
  buildExportCommand(spoken: Spoken): Command;
  export(text: string, voice: string | null, speed: number | null, filename: string, onEnd: () => void): void;
}

const Platform = z.custom<new () => SayPlatform>((made) => typeof made === 'function');

/** A voice of the system: how it is made to speak, by what program, and the names of its voices. */
export interface SystemVoice {
  readonly program: string;
  readonly voices: Readonly<Partial<Record<SpokenLanguage, string>>>;
  makePlatform(): SayPlatform;
}

/** What speaks on an operating system, by its Node name; null where nothing is known. The text goes by standard input. */
export function systemVoiceOf(platform: string): SystemVoice | null {
  switch (platform) {
    case 'linux':
      return { program: 'espeak-ng', voices: espeakVoices, makePlatform: espeakPlatform };
    case 'darwin':
      return { program: 'say', voices: macVoices, makePlatform: macPlatform };
    case 'win32':
      return { program: 'powershell', voices: windowsVoices, makePlatform: windowsPlatform };
    default:
      return null;
  }
}

const macVoices = {
  ...{ de: 'Anna', en: 'Samantha', es: 'Mónica', fr: 'Thomas', it: 'Alice', ja: 'Kyoko', ko: 'Yuna' },
  ...{ nl: 'Xander', pl: 'Zosia', pt: 'Luciana', ru: 'Milena', sv: 'Alva', tr: 'Yelda', uk: 'Lesya' },
};

const windowsVoices = {
  ...{ de: 'Microsoft Hedda Desktop', en: 'Microsoft Zira Desktop', es: 'Microsoft Helena Desktop' },
  ...{ fr: 'Microsoft Hortense Desktop', it: 'Microsoft Elsa Desktop', ja: 'Microsoft Haruka Desktop' },
  ...{ ko: 'Microsoft Heami Desktop', pl: 'Microsoft Paulina Desktop', pt: 'Microsoft Maria Desktop' },
  ...{ ru: 'Microsoft Irina Desktop' },
};

/** The package itself cannot export on Linux. */
function espeakPlatform(): SayPlatform {
  const Base = Platform.parse(require('say/platform/base.js'));
  return new (class extends Base {
    override buildExportCommand({ text, voice, filename }: Spoken): Command {
      const named = voice === null ? [] : ['-v', voice];
      return {
        command: 'espeak-ng',
        args: [...named, '-b', '1', '--stdin', '-w', filename],
        pipedData: text,
        options: { env: environment() },
      };
    }
  })();
}

/** The package itself gives the text as an argument, where a leading `-` is an option. */
function macPlatform(): SayPlatform {
  const Mac = Platform.parse(require('say/platform/darwin.js'));
  return new (class extends Mac {
    override buildExportCommand({ text, voice, filename }: Spoken): Command {
      const named = voice === null ? [] : ['-v', voice];
      const args = [...named, '-f', '-', '-o', filename, '--data-format=LEI16@22050'];
      return { command: 'say', args, pipedData: text, options: { env: environment() } };
    }
  })();
}

/** The package itself goes through a second interpreter, and reads standard input in an old encoding. */
function windowsPlatform(): SayPlatform {
  const Windows = Platform.parse(require('say/platform/win32.js'));
  return new (class extends Windows {
    override buildExportCommand(spoken: Spoken): Command {
      const filename = spoken.filename.replaceAll("'", "''");
      const command = super.buildExportCommand({ ...spoken, filename });
      const script = `[Console]::InputEncoding=[Text.Encoding]::UTF8;${command.args.join(' ')}`;
      const args = ['-NoProfile', '-NonInteractive', '-Command', script];
      return { ...command, args, options: { windowsHide: true, env: environment() } };
    }
  })();
}

/** A program that speaks is given none of the bot's keys. */
function environment(): Record<string, string> {
  return childEnvironment(process.env, { names: ['ESPEAK_DATA_PATH'], secrets: [] });
}
