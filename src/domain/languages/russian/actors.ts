/** Members by their names; the software that trains is known in the ledger as `trainer:embedded`. */
export function actorName(actor: string): string {
  return actor.replace(/^trainer:/, 'программа обучения ');
}
