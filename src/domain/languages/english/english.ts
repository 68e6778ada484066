import { actions } from './actions.ts';
import { bot } from './bot.ts';
import { commands } from './commands.ts';
import { complaints } from './complaints.ts';
import { console } from './console.ts';
import { conversation } from './conversation.ts';
import { corrections } from './corrections.ts';
import { datasets } from './datasets.ts';
import { delivery } from './delivery.ts';
import { discord } from './discord.ts';
import { embedded } from './embedded.ts';
import { evaluations } from './evaluations.ts';
import { events } from './events.ts';
import { examples } from './examples.ts';
import { feedback } from './feedback.ts';
import { files } from './files.ts';
import { help } from './help.ts';
import { history } from './history.ts';
import { intake } from './intake.ts';
import { interactions } from './interactions.ts';
import { jobs } from './jobs.ts';
import { ledger } from './ledger.ts';
import { leftOut } from './left-out.ts';
import { lines } from './lines.ts';
import { models } from './models.ts';
import { openai } from './openai.ts';
import { policy } from './policy.ts';
import { privacy } from './privacy.ts';
import { provenance } from './provenance.ts';
import { references } from './references.ts';
import { refusals } from './refusals.ts';
import { review } from './review.ts';
import { settings } from './settings.ts';
import { sound } from './sound.ts';
import { trainers } from './trainers.ts';
import { vault } from './vault.ts';
import { voice } from './voice.ts';
import { voiceConnection } from './voice-connection.ts';
import { workspace } from './workspace.ts';

/** Everything that people are told, by what it is about. */
export const english = {
  actions,
  bot,
  commands,
  complaints,
  console,
  conversation,
  corrections,
  datasets,
  delivery,
  discord,
  embedded,
  evaluations,
  events,
  examples,
  feedback,
  files,
  help,
  history,
  intake,
  interactions,
  jobs,
  ledger,
  leftOut,
  lines,
  models,
  openai,
  policy,
  privacy,
  provenance,
  references,
  refusals,
  review,
  settings,
  sound,
  trainers,
  vault,
  voice,
  voiceConnection,
  workspace,
};
