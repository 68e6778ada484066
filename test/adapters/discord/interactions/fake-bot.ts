import { defaultScopeSettings, type ScopeSettings } from '../../../../src/domain/scope-settings.ts';
import type {
  Bot,
  CommandDescription,
  Form,
  Incoming,
  JobStatus,
  Reply,
  Suggestion,
  SuggestionRequest,
} from '../../../../src/domain/surface.ts';

/** A command as a test needs it. */
export function command(name: string, description: Partial<CommandDescription> = {}): CommandDescription {
  return {
    name,
    localisedName: { en: name, ru: name },
    summary: { en: `does ${name}`, ru: `делает ${name}` },
    right: 'everyone',
    options: [],
    takesFile: false,
    isPrivate: false,
    ...description,
  };
}

/** An option as a test needs it. */
export function option(
  name: string,
  shape: CommandDescription['options'][number]['shape'] = { kind: 'text' },
  { required = false } = {},
): CommandDescription['options'][number] {
  const words = { en: name, ru: name };
  return { name, localisedName: words, description: words, required, shape, localisedChoices: {} };
}

/** A reply as a test needs it. */
export function reply(text: string, more: Partial<Reply> = {}): Reply {
  return { command: '', ok: true, text, data: {}, files: [], isPrivate: false, actions: [], ...more };
}

/** Says and does what the test wants, and remembers what it was asked. */
export class FakeBot implements Bot {
  readonly prefix = '!';
  readonly commands: readonly CommandDescription[];
  readonly heard: Incoming[] = [];
  readonly asked: SuggestionRequest[] = [];
  answers: (incoming: Incoming) => Promise<Reply> | Reply = () => reply('done');
  forms: (incoming: Incoming) => Promise<{ form: Form } | { reply: Reply }> = async () => ({
    reply: reply('There is no form.', { ok: false, isPrivate: true }),
  });
  suggests: (request: SuggestionRequest) => Promise<readonly Suggestion[]> = async () => [];

  constructor(commands: readonly CommandDescription[]) {
    this.commands = commands;
  }

  async run(incoming: Incoming): Promise<Reply> {
    this.heard.push(incoming);
    return this.answers(incoming);
  }

  async form(incoming: Incoming): Promise<{ form: Form } | { reply: Reply }> {
    this.heard.push(incoming);
    return this.forms(incoming);
  }

  async suggest(request: SuggestionRequest): Promise<readonly Suggestion[]> {
    this.asked.push(request);
    return this.suggests(request);
  }

  async settingsOf(): Promise<ScopeSettings> {
    return defaultScopeSettings;
  }

  isNearlyCommand(): boolean {
    return true;
  }

  async jobStatus(): Promise<JobStatus | null> {
    return null;
  }

  async mayHear(): Promise<boolean> {
    return false;
  }

  consents(): void {}

  async recordVoice(): Promise<void> {}

  notices(): void {}

  async idle(): Promise<void> {}

  async close(): Promise<void> {}
}
