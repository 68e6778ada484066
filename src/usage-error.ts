import { Refusal } from './domain/refusal.ts';

/** The program was started the wrong way: a flag, a setting or an argument. Nothing was opened. */
export class UsageError extends Refusal {}
