import { actions } from './actions.ts';
import { commands } from './commands.ts';
import { complaints } from './complaints.ts';

/** Everything that people are told, by what it is about. */
export const english = { actions, commands, complaints };
