// Sums vitest's JSON reports: how many steps failed, then the files. Runs on the machine's own Node.
import { readFileSync } from 'node:fs';

const LONGEST_MESSAGE = 2_000;

const [failedSteps, ...reports] = process.argv.slice(2);
let passed = 0;
let failed = 0;
let complete = true;
for (const report of reports) {
  const { numPassedTests, testResults, numFailedTests, success } = read(report);
  passed += numPassedTests;
  // A file that could not be loaded has no tests to fail.
  failed += numFailedTests + testResults.filter(isBroken).length;
  complete &&= success && numPassedTests > 0;
  for (const { name, message, assertionResults } of testResults) {
    if (message !== '') tell(name, message);
    for (const { status, fullName, failureMessages } of assertionResults) {
      if (status === 'failed') tell(`${name}: ${fullName}`, failureMessages.join('\n'));
    }
  }
}
// A step can fail without a failing test: the type check, or an install.
if (failed === 0 && (Number(failedSteps) > 0 || !complete)) failed = 1;
process.exitCode = failed === 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);

function read(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, testResults: [], success: false };
  }
}

/** At the end, where whoever reads only that finds it. */
function tell(what, message) {
  console.log(`failed: ${what}\n${message.slice(0, LONGEST_MESSAGE)}`);
}

function isBroken({ status, assertionResults }) {
  return status === 'failed' && !assertionResults.some((result) => result.status === 'failed');
}
