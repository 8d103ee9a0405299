import { defineConfig } from 'vitest/config';

const report = process.env.TALLYLINE_TEST_REPORT;
const outside = ['**/node_modules/**', '**/dist/**', 'data/**'];

// Three speeds: pure (no database), database (a database of its own per test file), e2e (processes).
const config = defineConfig({
  test: {
    pool: 'forks',
    // .ci/run adds up several runs from their reports.
    reporters: ['./tools/skip-report.ts', 'default', ...(report === undefined ? [] : ['json' as const])],
    ...(report === undefined ? {} : { outputFile: { json: report } }),
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          // They share no state, and loading every module anew for each file took three times as long as the tests.
          isolate: false,
          include: ['**/*.test.ts'],
          exclude: [...outside, '**/*.db.test.ts', '**/*.e2e.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'database',
          include: ['**/*.db.test.ts'],
          exclude: outside,
          globalSetup: ['server/test/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.e2e.test.ts'],
          // Last and one after the other: they hold the server to seconds.
          sequence: { groupOrder: 1 },
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});

// The one default export: vitest accepts its configuration no other way.
export { config as default };
