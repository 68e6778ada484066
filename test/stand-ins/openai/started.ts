import { onTestFinished } from 'vitest';
import { Contract } from './contract.ts';
import { StandInOpenAI, type StandInOptions } from './stand-in-openai.ts';

let told = false;

/** Stops with the test, which fails where a request or an answer was not as OpenAI has it. */
export async function startStandIn(options?: StandInOptions): Promise<StandInOpenAI> {
  if (Contract.load() === null && !told) console.warn(Contract.absence);
  told = true;
  const standIn = await StandInOpenAI.start(options);
  onTestFinished(async () => {
    await standIn.stop();
    standIn.assertContract();
  });
  return standIn;
}
