import { describe, expect, it } from 'vitest';
import { sumReports } from './sum-reports.ts';

const report = (numPassedTests: number, numFailedTests: number, unloaded = 0) => ({
  numPassedTests,
  numFailedTests,
  testResults: Array.from({ length: unloaded }, () => ({ status: 'failed', assertionResults: [] })),
});

describe('sumReports', () => {
  it('adds up all runs', () => {
    expect(sumReports(0, [report(10, 0), report(5, 0)])).toEqual({ passed: 15, failed: 0 });
    expect(sumReports(1, [report(10, 2), report(5, 1)])).toEqual({ passed: 15, failed: 3 });
  });

  it('never reports success for a step that failed, a file that did not load or a run without a report', () => {
    expect(sumReports(1, [report(10, 0)]).failed).toBe(1);
    expect(sumReports(0, [report(10, 0, 2)]).failed).toBe(2);
    expect(sumReports(0, [report(10, 0), null]).failed).toBe(1);
  });
});
