import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';
import { readPage } from './server-page.ts';

export interface Step {
  readonly step: number;
  /** Null where the server does not say. */
  readonly total: number | null;
  readonly loss: number | null;
  readonly evaluationLoss: number | null;
}

const Count = z.int().nonnegative();
const Loss = z.number().nullish().catch(null);
const Event = z.object({ id: z.string(), message: z.string().nullish().catch(null), data: z.unknown() });
const Metrics = z.object({
  step: Count,
  total_steps: Count.nullish().catch(null),
  train_loss: Loss,
  valid_loss: Loss,
  full_valid_loss: Loss,
});
const Checkpoint = z.object({
  step_number: Count,
  metrics: z.object({ train_loss: Loss, valid_loss: Loss, full_valid_loss: Loss }),
});
const MESSAGE = /^Step (\d+)\/(\d+): training loss=([\d.]+)/;

const CHECKPOINTS = 100;
/** More than are new at most looks; where they are not, another page is asked for. */
const EVENTS = 20;
const MAX_PAGES = 50;
/** The ledger is told of about fifty steps; where their number is not known, of ever fewer. */
const SHARE_OF_TOTAL = 0.02;
const SHARE_OF_STEPS_SO_FAR = 0.1;

/** What a job on the server has told of so far. */
export class JobProgress {
  readonly #endpoint: Endpoint;
  readonly #job: string;
  readonly #seen = new Set<string>();
  #tellsOfSteps = false;
  #told = 0;
  #latest: Step | null = null;

  constructor(endpoint: Endpoint, job: string) {
    this.#endpoint = endpoint;
    this.#job = job;
  }

  /** As far as it was told of. */
  get latest(): Step | null {
    return this.#latest;
  }

  /** How much was heard: it grows with every event. */
  get heard(): number {
    return this.#seen.size;
  }

  /** What is new, thinned out. A job that tells of no steps is followed by its checkpoints. */
  async look(signal: AbortSignal): Promise<readonly Step[]> {
    const steps = (await this.#newEvents(signal)).flatMap((event) => stepOf(event) ?? []);
    this.#tellsOfSteps ||= steps.length > 0;
    if (!this.#tellsOfSteps) steps.push(...(await this.checkpoints(signal)));
    return steps.toSorted((one, other) => one.step - other.step).filter((step) => this.#isWorthTelling(step));
  }

  /** The earliest first. */
  async checkpoints(signal: AbortSignal): Promise<readonly Step[]> {
    const path = `/fine_tuning/jobs/${encodeURIComponent(this.#job)}/checkpoints`;
    const { items } = await readPage(this.#endpoint, path, { limit: CHECKPOINTS }, signal);
    return items
      .flatMap((raw) => {
        const checkpoint = Checkpoint.safeParse(raw).data;
        if (checkpoint === undefined) return [];
        const { step_number: step, metrics } = checkpoint;
        return [stepFrom({ ...metrics, step, total_steps: this.#latest?.total })];
      })
      .toSorted((one, other) => one.step - other.step);
  }

  #isWorthTelling(step: Step): boolean {
    if (this.#latest === null || step.step >= this.#latest.step) this.#latest = step;
    const { total } = step;
    const stride = total === null ? this.#told * SHARE_OF_STEPS_SO_FAR : total * SHARE_OF_TOTAL;
    const since = step.step - this.#told;
    if (since <= 0 || (since < stride && step.step !== total)) return false;
    this.#told = step.step;
    return true;
  }

  /** The newest come first, so what follows one that was seen was seen as well. */
  async #newEvents(signal: AbortSignal): Promise<readonly z.output<typeof Event>[]> {
    const news: z.output<typeof Event>[] = [];
    const path = `/fine_tuning/jobs/${encodeURIComponent(this.#job)}/events`;
    let after: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const query = { limit: EVENTS, ...(after !== undefined && { after }) };
      const { items, hasMore } = await readPage(this.#endpoint, path, query, signal);
      const events = items.flatMap((raw) => Event.safeParse(raw).data ?? []);
      const unseen = events.filter(({ id }) => !this.#seen.has(id));
      for (const { id } of unseen) this.#seen.add(id);
      news.push(...unseen);
      after = events.at(-1)?.id;
      if (!hasMore || unseen.length < events.length || after === undefined) break;
    }
    return news;
  }
}

function stepOf({ message, data }: z.output<typeof Event>): Step | null {
  const metrics = Metrics.safeParse(data).data;
  const [, step, total, loss] = MESSAGE.exec(message ?? '') ?? [];
  if (metrics !== undefined) {
    return stepFrom({ ...metrics, total_steps: metrics.total_steps ?? (total && Number(total)) });
  }
  if (step === undefined) return null;
  return stepFrom({ step: Number(step), total_steps: Number(total), train_loss: Number(loss) });
}

function stepFrom({
  step,
  total_steps,
  train_loss,
  valid_loss,
  full_valid_loss,
}: {
  readonly step: number;
  readonly total_steps?: number | '' | null | undefined;
  readonly train_loss?: number | null | undefined;
  readonly valid_loss?: number | null | undefined;
  readonly full_valid_loss?: number | null | undefined;
}): Step {
  return {
    step,
    total: total_steps ? Math.max(step, total_steps) : null,
    loss: train_loss ?? null,
    evaluationLoss: full_valid_loss ?? valid_loss ?? null,
  };
}
