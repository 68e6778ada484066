import { stdin } from 'node:process';
import { text } from 'node:stream/consumers';
import { openVault } from '../../../../src/adapters/files/vault.ts';
import { createExternalTrainer } from '../../../../src/adapters/models/external/trainer.ts';

/** Follows a training as the bot does, in a process that can be killed: what it is told stands on standard input. */
const { options, order, vault } = JSON.parse(await text(stdin));
const trainer = createExternalTrainer({ ...options, vault: openVault(vault) });
for await (const update of trainer.train(order, new AbortController().signal)) {
  process.stdout.write(`${JSON.stringify(update)}\n`);
}
