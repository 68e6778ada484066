import type { Command } from '../command.ts';
import { archive } from './archive.ts';
import { askCommand } from './ask.ts';
import { cancel } from './cancel.ts';
import { correct } from './correct.ts';
import { dataset } from './dataset.ts';
import { datasets } from './datasets.ts';
import { diff } from './diff.ts';
import { evaluate } from './evaluate.ts';
import { exportCommand } from './export.ts';
import { feedback } from './feedback.ts';
import { getfile } from './getfile.ts';
import { help } from './help.ts';
import { hi } from './hi.ts';
import { history } from './history.ts';
import { instruction } from './instruction.ts';
import { job } from './job.ts';
import { jobs } from './jobs.ts';
import { join } from './join.ts';
import { leave } from './leave.ts';
import { listen } from './listen.ts';
import { models } from './models.ts';
import { pause } from './pause.ts';
import { policy } from './policy.ts';
import { privacy } from './privacy.ts';
import { promote } from './promote.ts';
import { resume } from './resume.ts';
import { retrain } from './retrain.ts';
import { review } from './review.ts';
import { rollback } from './rollback.ts';
import { selectDatasetCommand } from './select_dataset.ts';
import { settings } from './settings.ts';
import { silence } from './silence.ts';
import { skip } from './skip.ts';
import { test } from './test.ts';
import { train } from './train.ts';
import { wait } from './wait.ts';
import { withdraw } from './withdraw.ts';

/** Every command, in the order in which help lists them. */
export const commands: readonly Command[] = [
  hi,
  help,
  instruction,
  askCommand,
  correct,
  withdraw,
  feedback,
  review,
  retrain,
  train,
  wait,
  jobs,
  job,
  cancel,
  pause,
  resume,
  models,
  promote,
  rollback,
  test,
  evaluate,
  history,
  datasets,
  dataset,
  diff,
  exportCommand,
  selectDatasetCommand,
  archive,
  getfile,
  privacy,
  policy,
  settings,
  join,
  leave,
  skip,
  silence,
  listen,
];
