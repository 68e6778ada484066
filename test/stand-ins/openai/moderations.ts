import type OpenAI from 'openai';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { json, type Route } from './route.ts';

type Moderation = OpenAI.Moderations.Moderation;

const Request = z.looseObject({
  input: z.union([z.string(), z.array(z.string())]),
  model: z.string().optional(),
});

/** Flags a text as harassment where a forbidden word stands in it. */
export class Moderations {
  readonly forbidden = new Set<string>();

  get routes(): readonly Route[] {
    return [{ name: 'POST /moderations', handle: ({ body }) => json(this.#moderate(body)) }];
  }

  #moderate(body: unknown): OpenAI.Moderations.ModerationCreateResponse {
    const parsed = Request.safeParse(body);
    if (!parsed.success) throw new ApiError(400, z.prettifyError(parsed.error));
    const { input, model = 'omni-moderation-latest' } = parsed.data;
    return { id: 'modr-1', model, results: [input].flat().map((text) => this.#judge(text)) };
  }

  #judge(text: string): Moderation {
    const harassment = [...this.forbidden].some((word) => text.includes(word));
    return {
      flagged: harassment,
      categories: {
        harassment,
        'harassment/threatening': false,
        hate: false,
        'hate/threatening': false,
        illicit: false,
        'illicit/violent': false,
        'self-harm': false,
        'self-harm/instructions': false,
        'self-harm/intent': false,
        sexual: false,
        'sexual/minors': false,
        violence: false,
        'violence/graphic': false,
      },
      category_scores: {
        harassment: harassment ? 0.99 : 0.01,
        'harassment/threatening': 0,
        hate: 0,
        'hate/threatening': 0,
        illicit: 0,
        'illicit/violent': 0,
        'self-harm': 0,
        'self-harm/instructions': 0,
        'self-harm/intent': 0,
        sexual: 0,
        'sexual/minors': 0,
        violence: 0,
        'violence/graphic': 0,
      },
      category_applied_input_types: {
        harassment: ['text'],
        'harassment/threatening': ['text'],
        hate: ['text'],
        'hate/threatening': ['text'],
        illicit: ['text'],
        'illicit/violent': ['text'],
        'self-harm': ['text'],
        'self-harm/instructions': ['text'],
        'self-harm/intent': ['text'],
        sexual: ['text'],
        'sexual/minors': ['text'],
        violence: ['text'],
        'violence/graphic': ['text'],
      },
    };
  }
}
