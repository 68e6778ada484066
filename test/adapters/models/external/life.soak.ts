import { it } from 'vitest';
import { expectTrainedOnceAfterKill } from './killed-bot.ts';

it.each(['train.jsonl', 'task.json', 'supervisor.log', 'supervisor.json', 'record.jsonl', 'pid'])(
  'a training is done once where the bot was killed as soon as there was %s',
  (name) => expectTrainedOnceAfterKill(name),
);
