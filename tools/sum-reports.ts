import { existsSync, readFileSync } from 'node:fs';

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

/** Adds up vitest's JSON reports; `broken` counts the steps of the run that ended with an error. */
export function sumReports(broken: number, reports: readonly (Report | null)[]): { passed: number; failed: number } {
  let [passed, failed] = [0, 0];
  for (const report of reports) {
    if (report === null) {
      failed += 1;
      continue;
    }
    passed += report.numPassedTests;
    // A file that could not be loaded has no tests that could fail, yet it did.
    const unloaded = report.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    );
    failed += report.numFailedTests + unloaded.length;
  }
  // An error without a failed test: types, lint, a skipped suite, a leaked connection.
  return { passed, failed: Math.max(failed, broken) };
}

function readReport(path: string): Report | null {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Report) : null;
}

if (import.meta.main) {
  const [broken, ...paths] = process.argv.slice(2);
  const { passed, failed } = sumReports(Number(broken), paths.map(readReport));
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
