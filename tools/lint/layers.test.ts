import { RuleTester } from 'oxlint/plugins-dev';
import { describe, it } from 'vitest';
import { layers } from './layers.ts';

RuleTester.describe = describe;
RuleTester.it = it;

const inRoom = (path: string, code: string) => ({ filename: `/repo/server/src/${path}`, code });
const bad = (path: string, code: string, message: RegExp) => ({ ...inRoom(path, code), errors: [{ message }] });

new RuleTester({ languageOptions: { sourceType: 'module', parserOptions: { lang: 'ts' } } }).run('layers', layers, {
  valid: [
    inRoom('services/accounts/get-account.ts', `import { notFound } from '../../contract/problem.ts';`),
    inRoom('services/context.ts', `import type { Database } from '../database/tables.ts';`),
    inRoom('collector/refresh.ts', `import { createSources } from '../sources/create.ts';`),
    inRoom('database/tables.ts', `import type { Platform } from '../sources/source.ts';`),
    inRoom('services/keys/create-key.ts', `import { createHash } from 'node:crypto';`),
    inRoom('cli/main.ts', `const app = import('../http/app.ts');`),
    inRoom('http/v2/openapi/document.ts', `import type { S } from '@fastify/swagger/types.js';`),
    inRoom('http/app.ts', `import fs from 'fs';`),
    inRoom('metrics/windows.ts', `import { Temporal } from 'temporal-polyfill';`),
    inRoom('database/open.ts', `import { findPackageJSON } from 'node:module';`),
    inRoom('metrics/gains.test.ts', `import { readFileSync } from 'node:fs';`),
    { filename: '/repo/e2e/start.e2e.test.ts', code: `import { x } from '../server/src/cli/main.ts';` },
  ],
  invalid: [
    bad('http/v2/health.ts', `import { x } from '../../collector/start.ts';`, /http may not import collector/),
    bad('services/accounts/a.ts', `export { x } from '../../http/app.ts';`, /services may not import http/),
    bad('sources/create.ts', `import { db } from '../database/open.ts';`, /sources may not import database/),
    bad('metrics/gains.ts', `import { sql } from 'kysely';`, /metrics may not use kysely/),
    bad('metrics/gains.ts', `import { readFileSync } from 'node:fs';`, /metrics is pure/),
    bad('metrics/gains.ts', `import { readFileSync } from 'fs';`, /metrics is pure/),
    bad('contract/problem.ts', `import { readFile } from 'fs/promises';`, /contract is pure/),
    bad('metrics/gains.ts', `const fs = await import('node:fs');`, /metrics is pure/),
    bad('metrics/gains.ts', 'const fs = await import(`node:fs`);', /metrics is pure/),
    bad('metrics/gains.ts', `const fs = await import('node:' + 'fs');`, /name what is imported/),
    bad('http/a.ts', `import { createRequire } from 'node:module';`, /createRequire of node:module loads/),
    bad('cli/a.ts', `import { createRequire as r } from 'module';`, /createRequire of node:module loads/),
    bad('cli/a.ts', `import module from 'node:module';`, /default of node:module loads/),
    bad('cli/a.ts', `const { createRequire } = await import('node:module');`, /node:module loads/),
    bad('services/a/b.ts', `let pool: import('undici').Pool;`, /services may not use undici: only sources/),
    bad('services/a/b.ts', `import type { FastifyRequest } from 'fastify';`, /services may not use fastify/),
    bad('services/a/b.ts', `import { x } from '@fastify/swagger/lib/util';`, /services may not use @fastify\/swagger/),
    bad('sources/create.ts', `import { uuidv7 } from 'uuidv7';`, /sources may not use uuidv7/),
    bad('services/a/b.ts', `import _ from 'lodash/fp';`, /no room may use lodash:/),
    bad('services/a/b.ts', `import { main } from 'tallyline/src/cli/main.ts';`, /no room may use tallyline:/),
    bad('config/kinds.ts', `import pino from 'pino';`, /config may not use pino/),
    bad('contract/problem.ts', `export * from '../services/context.ts';`, /contract may not import services/),
    bad('services/a/b.ts', `const x = await import('../../collector/start.ts');`, /services may not import collector/),
    bad('database/open.ts', `import { x } from '../../test/support/database.ts';`, /may not import server\/test/),
    bad('helpers/misc.ts', `import { x } from '../services/context.ts';`, /not a room/),
  ],
});
