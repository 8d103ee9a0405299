import { RuleTester } from 'oxlint/plugins-dev';
import { describe, it } from 'vitest';
import { layers } from './layers.ts';

RuleTester.describe = describe;
RuleTester.it = it;

const inRoom = (path: string, code: string) => ({ filename: `/repo/server/src/${path}`, code });
const bad = (path: string, code: string, message: RegExp) => ({ ...inRoom(path, code), errors: [{ message }] });

new RuleTester({ languageOptions: { sourceType: 'module' } }).run('layers', layers, {
  valid: [
    inRoom('services/accounts/get-account.ts', `import { notFound } from '../../contract/problem.ts';`),
    inRoom('services/context.ts', `import type { Database } from '../database/tables.ts';`),
    inRoom('collector/refresh.ts', `import { createSources } from '../sources/create.ts';`),
    inRoom('database/tables.ts', `import type { Platform } from '../sources/source.ts';`),
    inRoom('services/keys/create-key.ts', `import { createHash } from 'node:crypto';`),
    inRoom('cli/main.ts', `const app = import('../http/app.ts');`),
    inRoom('metrics/gains.test.ts', `import { readFileSync } from 'node:fs';`),
    { filename: '/repo/e2e/start.e2e.test.ts', code: `import { x } from '../server/src/cli/main.ts';` },
  ],
  invalid: [
    bad('http/v2/health.ts', `import { x } from '../../collector/start.ts';`, /http may not import collector/),
    bad('services/accounts/a.ts', `export { x } from '../../http/app.ts';`, /services may not import http/),
    bad('sources/create.ts', `import { db } from '../database/open.ts';`, /sources may not import database/),
    bad('metrics/gains.ts', `import { sql } from 'kysely';`, /metrics may not use kysely/),
    bad('metrics/gains.ts', `import { readFileSync } from 'node:fs';`, /metrics is pure/),
    bad('contract/problem.ts', `export * from '../services/context.ts';`, /contract may not import services/),
    bad('services/a/b.ts', `const x = await import('../../collector/start.ts');`, /services may not import collector/),
    bad('database/open.ts', `import { x } from '../../test/support/database.ts';`, /may not import server\/test/),
    bad('helpers/misc.ts', `import { x } from '../services/context.ts';`, /not a room/),
  ],
});
