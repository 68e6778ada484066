import Database from 'better-sqlite3';
import { type CompiledQuery, Kysely, SqliteDialect } from 'kysely';
import { expect, test } from 'vitest';
import * as answers from '../../src/projections/answers.ts';
import * as datasets from '../../src/projections/datasets.ts';
import * as history from '../../src/projections/history.ts';
import * as jobs from '../../src/projections/jobs.ts';
import * as members from '../../src/projections/members.ts';
import * as models from '../../src/projections/models.ts';
import { settingsOf } from '../../src/projections/scopes.ts';
import type { Tables } from '../../src/projections/tables.ts';
import { utteranceOf } from '../../src/projections/utterances.ts';
import { correction, prediction, Scenario, trainingRequested, trainingSucceeded } from './scenario.ts';

const scope = 'local';
const page = { before: null, limit: 9 };
const here = { scope, channel: 'console', before: null };

type Query = (db: Kysely<Tables>) => Promise<unknown>;

const queries: readonly (readonly [string, Query])[] = [
  ['findAnswer', (db) => answers.findAnswer(db, scope, 'x')],
  ['correctionsOf', (db) => answers.correctionsOf(db, scope, 'x')],
  ['standingCorrection', (db) => answers.standingCorrection(db, scope, 'x')],
  ['findCorrection', (db) => answers.findCorrection(db, scope, 'x')],
  ['reviewQueue', (db) => answers.reviewQueue(db, scope, { after: 1, limit: 9 })],
  ['waitingCorrections', (db) => answers.waitingCorrections(db, scope, 'a1')],
  ['countWaiting', (db) => answers.countWaiting(db, scope)],
  ['newestAnswers of a scope', (db) => answers.newestAnswers(db, { scope, channel: null, limit: 9 })],
  ['newestAnswers of a channel', (db) => answers.newestAnswers(db, { ...here, limit: 9 })],
  ['newestCorrections of a scope', (db) => answers.newestCorrections(db, { scope, channel: null, limit: 9 })],
  ['newestCorrections of a channel', (db) => answers.newestCorrections(db, { ...here, limit: 9 })],
  ['answersOffered', (db) => answers.answersOffered(db, scope, ['x', 'y'])],
  ['correctionsOffered', (db) => answers.correctionsOffered(db, scope, ['x', 'y'])],
  [
    'newestCorrectedBy',
    (db) => answers.newestCorrectedBy(db, { scope, channel: here.channel, member: 'ada', limit: 9 }),
  ],
  ['oldestWaiting', (db) => answers.oldestWaiting(db, scope, 9)],
  ['settingsOf', (db) => settingsOf(db, scope)],
  ['feedbackOf', (db) => answers.feedbackOf(db, scope, 'x')],
  ['recentTurns', (db) => answers.recentTurns(db, { ...here, conversation: 'talk', limit: 9 })],
  ['latestAnswer', (db) => answers.latestAnswer(db, here)],
  ['answersOfModel', (db) => answers.answersOfModel(db, scope, 'x', 9)],
  ['countAnswersOfModel', (db) => answers.countAnswersOfModel(db, scope, 'x')],
  ['findEvaluation', (db) => answers.findEvaluation(db, scope, 'x')],
  ['answersOfEvaluation', (db) => answers.answersOfEvaluation(db, scope, 'x')],
  ['findDataset', (db) => datasets.findDataset(db, scope, 'x')],
  ['listDatasets', (db) => datasets.listDatasets(db, scope, page)],
  ['examplesOf', (db) => datasets.examplesOf(db, scope, 'x', { after: 0, limit: 9 })],
  ['exampleAt', (db) => datasets.exampleAt(db, scope, 'x', 1)],
  ['examplesWithAnswer', (db) => datasets.examplesWithAnswer(db, scope, 'x')],
  ['examplesWithCorrection', (db) => datasets.examplesWithCorrection(db, scope, 'c1')],
  ['findJob', (db) => jobs.findJob(db, scope, 'x')],
  ['listJobs', (db) => jobs.listJobs(db, scope, page)],
  ['unfinishedJobs', (db) => jobs.unfinishedJobs(db)],
  ['jobsOfDataset', (db) => jobs.jobsOfDataset(db, scope, 'x', 9)],
  ['jobsOfModel', (db) => jobs.jobsOfModel(db, scope, 'x', 9)],
  ['findModel', (db) => models.findModel(db, scope, 'x')],
  ['listModels', (db) => models.listModels(db, scope, page)],
  ['activePromotion', (db) => models.activePromotion(db, scope)],
  ['promotionsOf', (db) => models.promotionsOf(db, scope, 'x')],
  ['newestModel', (db) => models.newestModel(db, scope, null)],
  ['findMember', (db) => members.findMember(db, scope, 'x')],
  ['utteranceOf', (db) => utteranceOf(db, scope, 'x')],
  ['policyOf', (db) => members.policyOf(db, scope)],
  ['eventsPage of a scope', (db) => history.eventsPage(db, { scope, ...page })],
  ['eventsPage of a person', (db) => history.eventsPage(db, { scope, ...page, actor: 'x' })],
  ['findEvent', (db) => history.findEvent(db, scope, 'x')],
  ['firstOrdinalOf', (db) => history.firstOrdinalOf(db, 'x')],
  ...(['answer', 'correction', 'dataset', 'job', 'model', 'evaluation', 'member', 'event'] as const).map(
    (kind) =>
      [`matchIds of ${kind}`, (db: Kysely<Tables>) => history.matchIds(db, scope, kind, 'x', 9)] as const,
  ),
  ...(['answer', 'correction', 'dataset', 'job', 'model', 'evaluation', 'event'] as const).map(
    (kind) => [`latestId of ${kind}`, (db: Kysely<Tables>) => history.latestId(db, kind, here)] as const,
  ),
];

test('every question is answered by way of an index, so that none gets slower as the ledger grows', async () => {
  const scenario = await Scenario.begin();
  await scenario.happened(prediction('a1'));
  await scenario.happened(correction('a1', 'c1'));
  await scenario.happened(correction('a1', 'c2', { review: 'required' }));
  await scenario.happened(trainingRequested('j1'));
  await scenario.happened(trainingSucceeded('j1', 'm1'));
  const database = new Database(scenario.file, { readonly: true });
  const asked: CompiledQuery[] = [];
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database }),
    log: ({ query }) => {
      asked.push(query);
    },
  });

  const slow: string[] = [];
  for (const [name, query] of queries) {
    await query(db);
    for (const { sql, parameters } of asked.splice(0)) {
      const plan = database.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
      const steps = plan.all(...parameters).map(({ detail }) => detail);
      slow.push(...steps.filter((step) => /^SCAN|TEMP B-TREE/.test(step)).map((step) => `${name}: ${step}`));
    }
  }
  await db.destroy();

  // The jobs that are unfinished are few, and there is an index of just those.
  expect(slow).toEqual(['unfinishedJobs: SCAN g1_jobs USING INDEX g1_jobs_unfinished']);
});
