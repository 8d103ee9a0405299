import type { Reporter, TestModule, Vitest } from 'vitest/node';

/**
 * Names what a run did not test, and why it did not (the reason is part of the suite's name). On a machine that must
 * test everything (CI=true) a skipped test fails the run.
 */
class SkipReport implements Reporter {
  #isPart = false;

  onInit(vitest: Vitest): void {
    // Tests that somebody chose not to run are no news.
    this.#isPart = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    if (this.#isPart) return;
    const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')].map((test) => test.fullName));
    if (skipped.length === 0) return;
    const mustRun = isSet(process.env.CI);
    process.stdout.write(`\nSkipped (${skipped.length})${mustRun ? ', which CI=true does not allow' : ''}:\n`);
    for (const name of skipped) process.stdout.write(`  ${name}\n`);
    if (mustRun) process.exitCode = 1;
  }
}

const isSet = (value: string | undefined): boolean => value !== undefined && !['', '0', 'false'].includes(value);

// The one default export: vitest accepts a reporter file no other way.
export { SkipReport as default };
