import type { TestProject } from 'vitest/node';
import { endTestRun, startTestRun } from './support/template.ts';
import { startTestServer } from './support/test-server.ts';

/** One Postgres server and one migrated template database for the whole run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestServer();
  const run = await startTestRun(server.url);
  project.provide('testServer', { url: server.url, prefix: run.prefix, template: run.template });
  return async () => {
    await endTestRun(run);
    await server.stop();
  };
}
