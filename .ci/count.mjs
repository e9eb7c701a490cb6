/**
 * Adds up the tests in the JSON reports of Jest that are named as arguments, in one line.
 *
 * A suite that did not even load counts as one failed test. A report in which no test ran is a failure too: here the
 * parts are installed, so that nothing has a reason to be left out.
 */
import { readFileSync } from "node:fs";

const total = { passed: 0, failed: 0, skipped: 0 };
const idle = [];
for (const path of process.argv.slice(2)) {
  const report = readReport(path);
  if (report === null) {
    total.failed += 1;
    continue;
  }
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  total.passed += report.numPassedTests;
  total.failed += failed;
  total.skipped += report.numPendingTests + report.numTodoTests;
  if (report.numPassedTests + failed === 0) idle.push(path);
}

for (const path of idle) console.log(`No test ran in ${path}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 || idle.length > 0 ? 1 : 0;

/** Null where Jest ended before it could write the report. */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}
