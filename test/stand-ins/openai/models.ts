import type OpenAI from 'openai';
import { ApiError } from './api-error.ts';
import type { ServerClock } from './clock.ts';
import { json, type Route } from './route.ts';
import type { Lesson } from './training-file.ts';

interface TaughtModel {
  readonly object: OpenAI.Models.Model;
  readonly answers: ReadonlyMap<string, string>;
}

/** Models that say what they were taught, and otherwise that they were not. */
export class Models {
  readonly #clock: ServerClock;
  readonly #models = new Map<string, TaughtModel>();

  constructor(clock: ServerClock, baseModels: readonly string[]) {
    this.#clock = clock;
    for (const id of baseModels) this.add(id, { ownedBy: 'system', lessons: [] });
  }

  /** A fine-tuned model also knows what the one that it was made from knows. */
  add(
    id: string,
    {
      ownedBy,
      lessons,
      base,
    }: { readonly ownedBy: string; readonly lessons: readonly Lesson[]; readonly base?: string },
  ): void {
    const known = base === undefined ? [] : (this.#models.get(base)?.answers ?? []);
    const answers = new Map([
      ...known,
      ...lessons.map(({ question, answer }) => [key(question), answer] as const),
    ]);
    this.#models.set(id, {
      object: { id, object: 'model', created: this.#clock.seconds, owned_by: ownedBy },
      answers,
    });
  }

  has(id: string): boolean {
    return this.#models.has(id);
  }

  remove(id: string): void {
    this.#models.delete(id);
  }

  /** @throws ApiError where there is no such model */
  answer(model: string, question: string): string {
    const { answers } = this.#get(model);
    return answers.get(key(question)) ?? `I am ${model}, and I was not taught an answer to “${question}”.`;
  }

  get routes(): readonly Route[] {
    return [
      {
        name: 'GET /models',
        handle: () => json({ object: 'list', data: [...this.#models.values()].map(({ object }) => object) }),
      },
      { name: 'GET /models/:model', handle: ({ parameter }) => json(this.#get(parameter('model')).object) },
    ];
  }

  #get(id: string): TaughtModel {
    const model = this.#models.get(id);
    if (model !== undefined) return model;
    throw new ApiError(404, `The model \`${id}\` does not exist or you do not have access to it.`, {
      code: 'model_not_found',
    });
  }
}

function key(question: string): string {
  return question.trim().toLowerCase();
}
