/** Answers a question with a model that train.js made: `node answer.js out/model.json "When does it open?"` */
import { readFileSync } from 'node:fs';
import { Model } from './model.js';

const [path, question] = process.argv.slice(2);
if (path === undefined || question === undefined) {
  console.error('Usage: node answer.js MODEL.JSON QUESTION');
  process.exit(2);
}
console.log(new Model(JSON.parse(readFileSync(path, 'utf8'))).answer(question));
