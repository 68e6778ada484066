import { english } from '../english/english.ts';
import type { Words } from '../languages.ts';
import { actions } from './actions.ts';
import { complaints } from './complaints.ts';

export const russian: Words = { actions, commands: english.commands, complaints };
