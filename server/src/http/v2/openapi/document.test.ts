import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { testApp } from '../../../../test/support/app.ts';
import { idleDb } from '../../../../test/support/idle-db.ts';
import { operationIndex } from '../../../../test/support/operation-index.ts';

// The document is made of declarations: no database is asked.
const require = createRequire(import.meta.url);
const app = await testApp(idleDb());
afterAll(() => app.close());

interface Operation {
  operationId: string;
  tags: string[];
  security: object[];
  responses: Record<string, { content?: Record<string, unknown> }>;
}

const served = await app.inject('/v2/openapi.json');
const document = served.json();
const operations = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
  ([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
);

test('says what it is', () => {
  expect(document).toMatchObject({
    openapi: '3.1.0',
    info: { version: '2.0.0' },
    'x-api-stability': 'current',
    servers: [{ url: '/v2' }],
    components: { securitySchemes: { HTTPBearer: { type: 'http', scheme: 'bearer' } } },
  });
});

test('every operation is one of the contract, under its id, tag, scope and success', () => {
  for (const { method, path, operationId, tags, security, responses } of operations) {
    const expected = operationIndex.find((entry) => entry.id === operationId);
    const successes = Object.keys(responses).filter((status) => status.startsWith('2'));
    expect({ id: operationId, method, path, tag: tags[0] }).toEqual({
      id: expected?.id,
      method: expected?.method,
      path: expected?.path,
      tag: expected?.tag,
    });
    expect(successes).toContain(String(expected?.success));
    expect(security.length > 0).toBe(expected?.scope !== 'none');
  }
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
});

test('every error answer is a problem', () => {
  for (const { responses } of operations) {
    for (const [status, response] of Object.entries(responses)) {
      if (Number(status) >= 400)
        expect(response).toEqual({ $ref: expect.stringMatching(/^#\/components\/responses\//) });
    }
  }
  for (const { content } of Object.values(document.components.responses as Operation['responses'])) {
    expect(content).toEqual({ 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } });
  }
});

test('a spec linter finds no error', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tallyline-openapi-'));
  const file = join(folder, 'openapi.json');
  await writeFile(file, served.body);
  const packageFile = require.resolve('@redocly/cli/package.json');
  const root = fileURLToPath(new URL('../../../../../', import.meta.url));
  const command = [
    join(dirname(packageFile), 'bin/cli.js'),
    'lint',
    '--config',
    join(root, 'redocly.yaml'),
    '--format',
    'json',
    file,
  ];
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const { stdout } = await promisify(execFile)(process.execPath, command, { env, maxBuffer: 10_000_000 });
  await rm(folder, { recursive: true });
  const { totals, problems } = JSON.parse(stdout);
  expect({ totals, problems }).toEqual({ totals: { errors: 0, warnings: 0, ignored: 0 }, problems: [] });
}, 60_000);
