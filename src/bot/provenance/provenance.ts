import type { Kysely } from 'kysely';
import type { Recorded } from '../../domain/events.ts';
import {
  answersOfEvaluation,
  findAnswer,
  findCorrection,
  findEvaluation,
  standingCorrection,
} from '../../projections/answers.ts';
import { findDataset } from '../../projections/datasets.ts';
import { findJob } from '../../projections/jobs.ts';
import { findModel } from '../../projections/models.ts';
import type { Tables } from '../../projections/tables.ts';
import type { HistoryKind } from '../references.ts';
import type { MayShow } from '../shown-texts.ts';
import { backFromAnswer, backFromDataset, backFromJob, backFromModel } from './backwards.ts';
import { Chain, type ChainLine } from './chain.ts';
import {
  forwardFromAnswer,
  forwardFromCorrection,
  forwardFromDataset,
  forwardFromJob,
  forwardFromModel,
} from './forwards.ts';
import {
  answerLine,
  baseModelLine,
  correctionLine,
  datasetLine,
  evaluationLine,
  jobLine,
  modelLine,
} from './lines.ts';

/** What a chain can be asked about; members and single events have no chain of their own. */
export type Traceable = Exclude<HistoryKind, 'member' | 'event'>;

/** Everything that a thing was made from and everything that was made from it, as far as the read models know. */
export async function trace(
  db: Kysely<Tables>,
  scope: string,
  { kind, id }: { readonly kind: Traceable; readonly id: string },
  { limit, mayShow }: { readonly limit: number; readonly mayShow: MayShow },
): Promise<readonly ChainLine[]> {
  const chain = new Chain(db, scope, limit);
  await tracers[kind](chain, id);
  return Promise.all(chain.lines.map((line) => toldLine(line, mayShow)));
}

/** Without what was written, where that is not for those who see it. */
async function toldLine({ quoted, ...line }: ChainLine, mayShow: MayShow): Promise<ChainLine> {
  return quoted === undefined || (await mayShow(quoted)) ? line : { ...line, words: quoted.withheld };
}

const tracers: Readonly<Record<Traceable, (chain: Chain, id: string) => Promise<void>>> = {
  answer: async (chain, id) => {
    const row = await findAnswer(chain.db, chain.scope, id);
    if (row === undefined) return;
    chain.say(answerLine('subject', row));
    await backFromAnswer(chain, row);
    await forwardFromAnswer(chain, id);
  },
  correction: async (chain, id) => {
    const row = await findCorrection(chain.db, chain.scope, id);
    if (row === undefined) return;
    chain.say(correctionLine('subject', row));
    const answer = await findAnswer(chain.db, chain.scope, row.answer);
    if (answer !== undefined) {
      chain.say(answerLine('from', answer));
      await backFromAnswer(chain, answer);
    }
    const standing = await standingCorrection(chain.db, chain.scope, row.answer);
    if (standing !== undefined && standing.ordinal > row.ordinal) chain.say(correctionLine('to', standing));
    await forwardFromCorrection(chain, id);
  },
  dataset: async (chain, id) => {
    const row = await findDataset(chain.db, chain.scope, id);
    if (row !== undefined) chain.say(datasetLine('subject', row));
    await backFromDataset(chain, id);
    await forwardFromDataset(chain, id);
  },
  job: async (chain, id) => {
    const row = await findJob(chain.db, chain.scope, id);
    if (row === undefined) return;
    chain.say(jobLine('subject', row));
    await backFromJob(chain, id);
    await forwardFromJob(chain, row);
  },
  model: async (chain, id) => {
    const row = await findModel(chain.db, chain.scope, id);
    const job = row && (await findJob(chain.db, chain.scope, row.job));
    chain.say(row === undefined ? baseModelLine('subject', id) : modelLine('subject', row, job));
    await backFromModel(chain, id);
    await forwardFromModel(chain, id);
  },
  evaluation: async (chain, id) => {
    const row = await findEvaluation(chain.db, chain.scope, id);
    if (row === undefined) return;
    chain.say(evaluationLine('subject', row));
    for (const answer of await answersOfEvaluation(chain.db, chain.scope, id))
      chain.say(answerLine('to', answer));
    await backFromModel(chain, row.model);
  },
};

/** What an event is about, to go on from. */
export function subjectOfEvent(
  event: Recorded,
): { readonly kind: Traceable; readonly id: string } | undefined {
  const data: Readonly<Record<string, unknown>> = event.data;
  for (const kind of ['correction', 'answer', 'evaluation', 'job', 'model', 'dataset'] as const) {
    const id = data[kind];
    if (typeof id === 'string') return { kind, id };
  }
  return undefined;
}
