import type OpenAI from 'openai';
import { z } from 'zod';
import { ApiError, notFound } from './api-error.ts';
import type { ServerClock } from './clock.ts';
import type { Files } from './files.ts';
import type { Models } from './models.ts';
import { type Call, json, pageOf, type Route } from './route.ts';
import { InvalidTrainingFile, type Lesson, lessonsOf } from './training-file.ts';

type FineTuningJob = OpenAI.FineTuning.FineTuningJob;
type FineTuningJobEvent = OpenAI.FineTuning.FineTuningJobEvent;
type FineTuningJobCheckpoint = OpenAI.FineTuning.Jobs.FineTuningJobCheckpoint;

/** The package's types leave out that a job can be paused. */
export type JobStatus = FineTuningJob['status'] | 'paused';

const OrAuto = <T extends z.ZodType>(schema: T) => z.union([z.literal('auto'), schema]).optional();
const Hyperparameters = z.strictObject({
  n_epochs: OrAuto(z.int().min(1).max(50)),
  batch_size: OrAuto(z.int().min(1).max(256)),
  learning_rate_multiplier: OrAuto(z.number().positive()),
  beta: OrAuto(z.number().positive().max(2)),
});
const Creation = z.strictObject({
  model: z.string(),
  training_file: z.string(),
  validation_file: z.string().nullish(),
  suffix: z.string().min(1).max(64).nullish(),
  seed: z.int().min(0).max(2_147_483_647).nullish(),
  metadata: z
    .record(z.string().max(64), z.string().max(512))
    .refine((pairs) => Object.keys(pairs).length <= 16)
    .nullish(),
  method: z
    .discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('supervised'),
        supervised: z
          .strictObject({ hyperparameters: Hyperparameters.omit({ beta: true }).optional() })
          .optional(),
      }),
      z.strictObject({
        type: z.literal('dpo'),
        dpo: z.strictObject({ hyperparameters: Hyperparameters.optional() }).optional(),
      }),
    ])
    .optional(),
});

/** With `auto` for what was not asked for. */
function wishesOf(method: z.output<typeof Creation>['method']) {
  const asked: z.output<typeof Hyperparameters> =
    (method?.type === 'dpo' ? method.dpo?.hyperparameters : method?.supervised?.hyperparameters) ?? {};
  const { n_epochs = 'auto', batch_size = 'auto', learning_rate_multiplier = 'auto', beta = 'auto' } = asked;
  return { n_epochs, batch_size, learning_rate_multiplier, beta };
}

const EPOCHS = 3;
const STEPS_AT_ONCE = 3;
const TERMINAL: readonly JobStatus[] = ['succeeded', 'failed', 'cancelled'];

/** A fine-tuning job on the server. */
export class StandInJob {
  readonly object: Omit<FineTuningJob, 'status'> & { status: JobStatus };
  /** The newest first, as the API lists them. */
  readonly events: FineTuningJobEvent[] = [];
  readonly checkpoints: FineTuningJobCheckpoint[] = [];
  readonly lessons: readonly Lesson[] | InvalidTrainingFile;
  step = 0;

  constructor(object: FineTuningJob, lessons: readonly Lesson[] | InvalidTrainingFile) {
    this.object = object;
    this.lessons = lessons;
  }

  get id(): string {
    return this.object.id;
  }

  get steps(): number {
    const { n_epochs } = this.object.hyperparameters;
    const epochs = typeof n_epochs === 'number' ? n_epochs : EPOCHS;
    return this.lessons instanceof InvalidTrainingFile ? 0 : this.lessons.length * epochs;
  }

  get ended(): boolean {
    return TERMINAL.includes(this.object.status);
  }
}

/** Fine-tuning jobs. Unless a test leads them by hand, they go one step on each time somebody asks after them. */
export class Jobs {
  readonly #clock: ServerClock;
  readonly #files: Files;
  readonly #models: Models;
  readonly #jobs = new Map<string, StandInJob>();
  /** By job: the API shows the suffix only in the model's name. */
  readonly #suffixes = new Map<string, string>();
  #created = 0;
  #events = 0;
  /** Whether a test calls `goOn`. */
  byHand = false;
  /** A server that knows no metadata keeps none and does not filter by it. */
  keepsMetadata = true;

  constructor(clock: ServerClock, files: Files, models: Models) {
    this.#clock = clock;
    this.#files = files;
    this.#models = models;
  }

  /** Every job that was ever created, the first one first: each of them is paid for. */
  readonly paid: StandInJob[] = [];

  get all(): readonly StandInJob[] {
    return [...this.#jobs.values()];
  }

  /** The only job there is. */
  get only(): StandInJob {
    const [job, another] = this.all;
    if (job === undefined || another !== undefined)
      throw new Error(`There are ${this.all.length} jobs, not one.`);
    return job;
  }

  /** One step towards its end. */
  goOn(job: StandInJob): void {
    if (job.object.status === 'validating_files') this.#validate(job);
    else if (job.object.status === 'queued') {
      job.object.status = 'running';
      this.#tell(job, 'Fine-tuning job started');
    } else if (job.object.status === 'running') this.#learn(job);
  }

  fail(job: StandInJob, { code, message }: { readonly code: string; readonly message: string }): void {
    job.object.status = 'failed';
    job.object.error = { code, message, param: null };
    job.object.finished_at = this.#clock.seconds;
    this.#tell(job, `The job failed: ${message}`, { level: 'error' });
  }

  /** As if it had been deleted on the server. */
  delete(job: StandInJob): void {
    this.#jobs.delete(job.id);
  }

  get routes(): readonly Route[] {
    return [
      { name: 'POST /fine_tuning/jobs', handle: ({ body }) => json(this.#create(body)) },
      { name: 'GET /fine_tuning/jobs', handle: ({ query }) => json(this.#list(query)) },
      {
        name: 'GET /fine_tuning/jobs/:id',
        handle: (call) => {
          const job = this.#of(call);
          if (!this.byHand) this.goOn(job);
          return json(this.#shown(job));
        },
      },
      {
        name: 'GET /fine_tuning/jobs/:id/events',
        handle: (call) => json(pageOf(this.#of(call).events, call.query, 20)),
      },
      {
        name: 'GET /fine_tuning/jobs/:id/checkpoints',
        handle: (call) => {
          const page = pageOf(this.#of(call).checkpoints, call.query, 10);
          return json({ ...page, first_id: page.data[0]?.id ?? null, last_id: page.data.at(-1)?.id ?? null });
        },
      },
      { name: 'POST /fine_tuning/jobs/:id/cancel', handle: (call) => json(this.#end(call)) },
      {
        name: 'POST /fine_tuning/jobs/:id/pause',
        handle: (call) => json(this.#turn(call, 'paused', ['validating_files', 'queued', 'running'])),
      },
      {
        name: 'POST /fine_tuning/jobs/:id/resume',
        handle: (call) => json(this.#turn(call, 'queued', ['paused'])),
      },
    ];
  }

  #of({ parameter }: Call): StandInJob {
    const job = this.#jobs.get(parameter('id'));
    if (job === undefined) throw notFound(`The fine-tuning job ${parameter('id')}`);
    return job;
  }

  #shown({ object }: StandInJob): object {
    if (this.keepsMetadata) return object;
    const { metadata: _, ...rest } = object;
    return rest;
  }

  #list(query: URLSearchParams): object {
    const wanted = [...query].flatMap(([name, value]) => {
      const key = /^metadata\[(.+)\]$/.exec(name)?.[1];
      return key === undefined ? [] : [[key, value] as const];
    });
    const found = this.all.filter(
      ({ object }) => !this.keepsMetadata || wanted.every(([key, value]) => object.metadata?.[key] === value),
    );
    const page = pageOf(found.toReversed(), query, 20);
    return { ...page, data: page.data.map((job) => this.#shown(job)) };
  }

  #create(body: unknown): object {
    const parsed = Creation.safeParse(body);
    if (!parsed.success) throw new ApiError(400, z.prettifyError(parsed.error));
    const { model, training_file, validation_file, suffix, seed, metadata, method } = parsed.data;
    if (!this.#models.has(model)) {
      throw new ApiError(400, `Model ${model} is not available for fine-tuning or does not exist.`, {
        param: 'model',
        code: 'model_not_available',
      });
    }
    const type = method?.type ?? 'supervised';
    const training = this.#read(training_file, 'training_file', type);
    if (validation_file !== null && validation_file !== undefined)
      this.#fileOf(validation_file, 'validation_file');
    const { beta, ...hyperparameters } = wishesOf(method);
    this.#created += 1;
    const object: FineTuningJob = {
      id: `ftjob-${String(this.#created).padStart(8, '0')}`,
      object: 'fine_tuning.job',
      created_at: this.#clock.seconds,
      model,
      organization_id: 'org-stand-in',
      status: 'validating_files',
      training_file,
      validation_file: validation_file ?? null,
      hyperparameters,
      method:
        type === 'dpo'
          ? { type, dpo: { hyperparameters: { ...hyperparameters, beta } } }
          : { type, supervised: { hyperparameters } },
      seed: seed ?? 42,
      metadata: metadata ?? null,
      error: null,
      fine_tuned_model: null,
      finished_at: null,
      result_files: [],
      trained_tokens: null,
      integrations: [],
      estimated_finish: null,
    };
    const job = new StandInJob(object, training);
    this.#suffixes.set(job.id, suffix ?? '');
    this.#jobs.set(job.id, job);
    this.paid.push(job);
    this.#tell(job, `Created fine-tuning job: ${job.id}`);
    this.#tell(job, `Validating training file: ${training_file}`);
    return this.#shown(job);
  }

  #fileOf(id: string, param: string): Uint8Array {
    const file = this.#files.find(id);
    if (file === undefined) {
      throw new ApiError(400, `File '${id}' does not exist.`, { param, code: 'invalid_value' });
    }
    const { purpose, status } = file.object;
    if (purpose !== 'fine-tune') {
      throw new ApiError(400, `File '${id}' has the purpose '${purpose}', not 'fine-tune'.`, { param });
    }
    if (status !== 'processed') {
      throw new ApiError(400, `File '${id}' is not ready.`, { param, code: 'file_not_ready' });
    }
    return file.content;
  }

  #read(id: string, param: string, method: 'supervised' | 'dpo'): StandInJob['lessons'] {
    const content = this.#fileOf(id, param);
    try {
      return lessonsOf(content, method);
    } catch (error) {
      if (error instanceof InvalidTrainingFile) return error;
      throw error;
    }
  }

  #validate(job: StandInJob): void {
    if (job.lessons instanceof InvalidTrainingFile) {
      this.fail(job, { code: 'invalid_training_file', message: job.lessons.message });
    } else {
      job.object.status = 'queued';
      this.#tell(job, 'Files validated, moving job to queued state');
    }
  }

  #learn(job: StandInJob): void {
    if (job.lessons instanceof InvalidTrainingFile) return;
    const last = Math.min(job.steps, job.step + Math.ceil(job.steps / STEPS_AT_ONCE));
    while (job.step < last) {
      job.step += 1;
      const loss = 2 * (1 - job.step / job.steps) + 0.125;
      this.#tell(job, `Step ${job.step}/${job.steps}: training loss=${loss.toFixed(2)}`, {
        type: 'metrics',
        data: {
          step: job.step,
          total_steps: job.steps,
          train_loss: loss,
          train_mean_token_accuracy: job.step / job.steps,
        },
      });
    }
    this.#saveCheckpoint(job);
    if (job.step === job.steps) this.#succeed(job, job.lessons);
  }

  #saveCheckpoint(job: StandInJob): void {
    const { step, steps } = job;
    job.checkpoints.unshift({
      id: `ftckpt_${job.id}_${step}`,
      object: 'fine_tuning.job.checkpoint',
      created_at: this.#clock.seconds,
      fine_tuned_model_checkpoint: `${this.#nameOf(job)}:ckpt-step-${step}`,
      fine_tuning_job_id: job.id,
      metrics: {
        step,
        train_loss: 2 * (1 - step / steps) + 0.125,
        ...(job.object.validation_file !== null && { full_valid_loss: 2.5 * (1 - step / steps) + 0.25 }),
      },
      step_number: step,
    });
  }

  #succeed(job: StandInJob, lessons: readonly Lesson[]): void {
    const name = this.#nameOf(job);
    this.#models.add(name, { ownedBy: 'org-stand-in', lessons, base: job.object.model });
    job.object.status = 'succeeded';
    job.object.fine_tuned_model = name;
    job.object.finished_at = this.#clock.seconds;
    job.object.trained_tokens = lessons.reduce(
      (sum, { question, answer }) => sum + question.length + answer.length,
      0,
    );
    this.#tell(job, `New fine-tuned model created: ${name}`);
    this.#tell(job, 'The job has successfully completed');
  }

  #nameOf(job: StandInJob): string {
    return `ft:${job.object.model}:stand-in:${this.#suffixes.get(job.id) ?? ''}:${job.id.slice(-4)}`;
  }

  #end(call: Call): object {
    return this.#turn(call, 'cancelled', ['validating_files', 'queued', 'running', 'paused']);
  }

  #turn(call: Call, to: JobStatus, from: readonly JobStatus[]): object {
    const job = this.#of(call);
    if (!from.includes(job.object.status)) {
      throw new ApiError(400, `Job has the status ${job.object.status} and cannot become ${to}.`, {
        code: 'invalid_state',
      });
    }
    job.object.status = to;
    if (to === 'cancelled') job.object.finished_at = this.#clock.seconds;
    this.#tell(job, `The job is now ${to}`);
    return this.#shown(job);
  }

  #tell(
    job: StandInJob,
    message: string,
    {
      level = 'info',
      type = 'message',
      data = {},
    }: Partial<Pick<FineTuningJobEvent, 'level' | 'type' | 'data'>> = {},
  ): void {
    this.#events += 1;
    job.events.unshift({
      id: `ftevent-${String(this.#events).padStart(8, '0')}`,
      object: 'fine_tuning.job.event',
      created_at: this.#clock.seconds,
      level,
      message,
      type,
      data,
    });
  }
}
