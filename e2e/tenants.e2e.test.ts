import { expect, it } from 'vitest';
import manifest from '../server/package.json' with { type: 'json' };
import { newDataDir } from './support/data-dir.ts';
import { tallyline, tallylineJson } from './support/process.ts';
import { startServer } from './support/server.ts';

it('tenants and keys are managed beside the running server, and alone', async () => {
  const dataDir = newDataDir();
  const settings = { TALLYLINE_DATA_DIR: dataDir };
  const server = await startServer({ dataDir });

  const made = await tallylineJson<{ organization_id: string; api_key: string }>(
    ['orgs', 'create', '--name', 'Acme'],
    settings,
  );
  expect(made).toEqual({ organization_id: expect.any(String), api_key: expect.stringMatching(/^tga_[0-9a-f]{64}$/) });
  const whoami = await server.api(made.api_key).get('/whoami');
  expect(JSON.stringify(whoami.body)).toContain(made.organization_id);

  const inAcme = ['--org', made.organization_id];
  const reader = await tallylineJson<{ id: string; api_key: string; scopes: string[] }>(
    ['keys', 'create', '--name', 'Reader', '--scopes', 'read', ...inAcme],
    settings,
  );
  expect(reader.scopes).toEqual(['read']);
  const readerApi = server.api(reader.api_key);
  expect((await readerApi.send('POST', '/creators', { name: 'x' })).body.code).toBe('INSUFFICIENT_SCOPE');

  await tallylineJson(['keys', 'disable', reader.id, ...inAcme], settings);
  expect((await readerApi.get('/whoami')).body.code).toBe('FORBIDDEN');
  await tallylineJson(['keys', 'enable', reader.id, ...inAcme], settings);
  expect((await readerApi.get('/whoami')).status).toBe(200);

  const capped = await tallylineJson(['orgs', 'set', ...inAcme, '--account-quota', '0'], settings);
  expect(capped).toEqual({
    organization_id: made.organization_id,
    name: 'Acme',
    account_quota: 0,
    max_recent_posts_per_account: null,
    post_lookback_days: null,
  });
  const account = { platform: 'tiktok', username: 'oak_rye' };
  expect((await server.api(made.api_key).send('POST', '/accounts', account)).body.code).toBe('QUOTA_EXCEEDED');
  await tallylineJson(['orgs', 'set', ...inAcme, '--account-quota', 'none'], settings);
  expect((await server.api(made.api_key).send('POST', '/accounts', account)).status).toBe(201);

  await server.end('SIGTERM');
  const planned = await tallylineJson<{ requests: number; cost_usd: number }>(['plan'], settings);
  expect(planned).toMatchObject({ profiles: 1, posts: 0, cost_usd: 0, unread: [] });
  expect(planned.requests).toBeGreaterThanOrEqual(62);
  expect((await tallyline(['plan', '--price', 'apify=1'], settings)).code).toBe(2);
  expect(await tallylineJson(['refused', 'list'], settings)).toEqual({ refused: [], has_more: false });
  expect(await tallylineJson(['refused', 'judge'], settings)).toEqual({ refused: [], has_more: false });
  const typo = await tallyline(['refused', 'list', '--username', 'oak_ry'], settings);
  expect(typo).toMatchObject({ code: 1, stdout: '' });
  expect((await tallyline(['refused', 'list', '--since', 'yesterday'], settings)).code).toBe(2);
  const alone = await tallyline(['keys', 'list', ...inAcme], settings);
  expect(alone.code).toBe(0);
  expect(alone.stdout).toContain(reader.api_key.slice(0, 12));
  expect(alone.stdout).not.toContain(reader.api_key.slice(12));
});

it('wrong use is one line and exit code 2, a failure exit code 1, never a stack', async () => {
  const settings = { TALLYLINE_DATA_DIR: newDataDir() };
  const unknown = await tallyline(['keys', 'list', '--org', 'Nobody'], settings);
  expect(unknown).toMatchObject({ code: 1, stdout: '', stderr: 'There is no such organization.\n' });
  const asJson = await tallyline(['keys', 'list', '--org', 'Nobody', '--json'], settings);
  expect(JSON.parse(asJson.stderr)).toEqual({ error: 'There is no such organization.' });
  for (const args of [
    [],
    ['keys'],
    ['fly'],
    ['orgs', 'create'],
    ['demo', '--days', 'many'],
    ['orgs', 'create', '--name', ' '],
  ]) {
    const { code, stdout, stderr } = await tallyline(args, settings);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).not.toMatch(/^\s+at /m);
    const asJson = await tallyline([...args, '--json'], settings);
    expect(asJson).toMatchObject({ code: 2, stdout: '' });
    expect(JSON.parse(asJson.stderr)).toEqual({ error: expect.stringMatching(/\w/) });
  }
});

it.each([{ args: [] }, { args: ['orgs'] }, { args: ['keys'] }])(
  '$args without a command says in JSON that one is missing',
  async ({ args }) => {
    const { code, stdout, stderr } = await tallyline([...args, '--json'], {});
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({ error: expect.stringMatching(/^a command is missing/) });
  },
);

it('the version is that of the package, whatever the settings are', async () => {
  const settings = { TALLYLINE_PORT: 'wrong' };
  const { code, stdout } = await tallyline(['--version'], settings);
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${manifest.version}\n` });
  expect(await tallylineJson(['--version'], settings)).toEqual({ version: manifest.version });
});
