import type { VoiceConnection } from '@discordjs/voice';
import { Consents, type ConsentsOptions } from './consents.ts';
import { Ear, type EarOptions } from './ear.ts';

export interface HearingOptions
  extends Omit<EarOptions, 'consents'>,
    Omit<ConsentsOptions, 'scope' | 'log' | 'onKnown'> {}

/** Whom the bot hears in one guild, wherever it is and on whatever connection. */
export class Hearing {
  readonly #options: HearingOptions;
  /** As long as it listens. */
  #consents: Consents | null = null;
  #ear: Ear | null = null;

  constructor(options: HearingOptions) {
    this.#options = options;
  }

  get isOn(): boolean {
    return this.#consents !== null;
  }

  /** Resolves once it is known of them who may be heard: to false where it was ended meanwhile. */
  async begin(people: readonly string[]): Promise<boolean> {
    const consents = new Consents({
      ...this.#options,
      onKnown: (member, agreed) => this.#ear?.consentIs(member, agreed),
    });
    this.#consents = consents;
    await consents.learn(people);
    return this.#consents === consents;
  }

  end(): void {
    this.#consents = null;
    this.#ear?.close();
    this.#ear = null;
  }

  /** From now on it hears there, where it is on. */
  hearOn(connection: VoiceConnection | null, channel: string): void {
    this.#ear?.close();
    const consents = this.#consents;
    this.#ear =
      consents === null || connection === null
        ? null
        : new Ear(connection, channel, { ...this.#options, consents });
  }

  cameIn(member: string): void {
    void this.#consents?.learn([member]);
  }

  consentIs(member: string, agreed: boolean): void {
    this.#consents?.change(member, agreed);
  }
}
