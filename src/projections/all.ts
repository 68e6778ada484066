import { answersProjection } from './answers.ts';
import { datasetsProjection } from './datasets.ts';
import { historyProjection } from './history.ts';
import { jobsProjection } from './jobs.ts';
import { membersProjection } from './members.ts';
import { modelsProjection } from './models.ts';
import type { Projection } from './projection.ts';
import { scopesProjection } from './scopes.ts';
import { utterancesProjection } from './utterances.ts';

/** In the order in which each takes an event: the models read the jobs' rows. */
export const allProjections: readonly Projection[] = [
  historyProjection,
  answersProjection,
  datasetsProjection,
  jobsProjection,
  modelsProjection,
  membersProjection,
  scopesProjection,
  utterancesProjection,
];
