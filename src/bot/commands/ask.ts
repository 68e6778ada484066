import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { rest } from '../options.ts';
import { ask } from '../processes/conversation.ts';

export const askCommand = defineCommand({
  name: 'ask',
  right: 'everyone',
  begins: ['PredictionMade', 'PredictionFailed'],
  options: z.object({ question: rest(z.string()) }),
  run: (context, { question }) => ask(context, question),
});
