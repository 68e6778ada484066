import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Projection } from './projection.ts';

const migrations = new URL('../../migrations/read-models/', import.meta.url);

const generations = read('0001-generations.sql');
const rows = read('0002-rows.sql');
const indexes = read('0003-indexes.sql');
const views = read('0004-views.sql');

/** The SQL that a new file of read models starts with. */
export function generationsSchema(): string {
  return generations;
}

/** The SQL that makes the empty tables of a generation. */
export function rowsSchema(generation: number): string {
  return numbered(rows, generation);
}

/** The SQL statements that make those indexes of a generation that are not there yet. */
export function indexesSchema(generation: number): string[] {
  return numbered(indexes, generation)
    .split(';')
    .filter((statement) => statement.trim() !== '');
}

/** The SQL that makes the views show a generation. */
export function viewsSchema(generation: number): string {
  return numbered(views, generation);
}

/** Says what the rows hold and how they are stored: rows under another signature are not for these projections. */
export function signatureOf(projections: readonly Projection[]): string {
  const versions = projections.map(({ name, version }) => [name, version]);
  const content = JSON.stringify([versions, rows, indexes, views]);
  return createHash('sha256').update(content).digest('hex');
}

function numbered(sql: string, generation: number): string {
  return sql.replaceAll(/\bg0_/g, `g${generation}_`);
}

function read(name: string): string {
  return readFileSync(new URL(name, migrations), 'utf8');
}
