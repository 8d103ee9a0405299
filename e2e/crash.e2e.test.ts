import { describe, expect, it, vi } from 'vitest';
import type { Api } from './support/api.ts';
import { killPostmaster, newDataDir, postmasterPid } from './support/data-dir.ts';
import { tallylineJson } from './support/process.ts';
import { type Server, startServer } from './support/server.ts';

interface DoctorReport {
  ok: boolean;
  checks: { name: string; ok: boolean; failures: string[] }[];
}

const rounds = 4;
const accountsPerRound = 12;

describe('SIGKILL at any moment', () => {
  it.each(['server', 'database', 'both'] as const)(
    'of the %s: nothing is lost, nothing is counted twice',
    async (victim) => {
      const dataDir = newDataDir();
      const acknowledged = new Map<string, string>();
      let apiKey = '';
      for (let round = 0; round < rounds; round += 1) {
        const server = await startServer({ dataDir });
        apiKey ||= server.apiKey ?? '';
        // Somewhere among the writes and the refreshes that they start.
        const killAfter = Math.floor(Math.random() * accountsPerRound);
        await createUntilKilled(server, server.api(apiKey), round, killAfter, acknowledged, () =>
          kill(server, victim, dataDir),
        );
        if (victim === 'database') await server.end('SIGKILL');
        else await server.process.ended;
      }
      const survivor = await startServer({ dataDir });
      await everythingIsThere(survivor.api(apiKey), acknowledged);
      const report = await tallylineJson<DoctorReport>(['doctor'], { TALLYLINE_DATA_DIR: dataDir });
      expect(report.checks.filter((check) => !check.ok)).toEqual([]);
      expect((await survivor.end('SIGTERM')).code).toBe(0);
    },
  );

  it('of the database under running refreshes: the server lives on and reads every account', async () => {
    const dataDir = newDataDir();
    const server = await startServer({ dataDir });
    const api = server.api(server.apiKey ?? '');
    const ids: string[] = [];
    for (let i = 0; i < 10; i += 1) {
      const answer = await api.send('POST', '/accounts', { platform: 'tiktok', username: `in_flight_${i}` });
      ids.push(answer.body.data.id);
    }
    killPostmaster(dataDir, 'SIGKILL');
    await vi.waitFor(
      async () => {
        for (const id of ids) {
          const answer = await api.get(`/accounts/${id}`);
          expect(answer.body.data?.last_scrape_time).toEqual(expect.any(String));
        }
      },
      { timeout: 60_000, interval: 250 },
    );
    expect((await server.end('SIGTERM')).code).toBe(0);
  });

  it('of the database alone: the server recovers without a restart', async () => {
    const dataDir = newDataDir();
    const server = await startServer({ dataDir });
    const api = server.api(server.apiKey ?? '');
    const before = await api.send('POST', '/creators', { name: 'Before' });
    const killedPid = postmasterPid(dataDir);
    killPostmaster(dataDir, 'SIGKILL');
    const after = await vi.waitFor(
      async () => {
        // A connection of the killed server may still answer for a moment.
        expect([null, killedPid]).not.toContain(postmasterPid(dataDir));
        const answer = await api.get(`/creators/${before.body.data.id}`);
        expect(answer.status).toBe(200);
        return answer;
      },
      { timeout: 20_000, interval: 100 },
    );
    expect(after.body.data.name).toBe('Before');
    const { code, stderr } = await server.end('SIGTERM');
    expect(stderr).not.toContain('unexpected error');
    expect(code, stderr).toBe(0);
  });
});

function kill(server: Server, victim: 'server' | 'database' | 'both', dataDir: string): void {
  if (victim !== 'server') killPostmaster(dataDir, 'SIGKILL');
  if (victim !== 'database') server.process.child.kill('SIGKILL');
}

/** Adds accounts one after the other; a request that got no answer may have happened or not. */
async function createUntilKilled(
  server: Server,
  api: Api,
  round: number,
  killAfter: number,
  acknowledged: Map<string, string>,
  killNow: () => void,
): Promise<void> {
  for (let i = 0; i < accountsPerRound && server.process.child.exitCode === null; i += 1) {
    const username = `crash.${round}.${i}`;
    const creating = api.send('POST', '/accounts', { platform: 'instagram', username });
    if (i === killAfter) killNow();
    const answer = await creating.catch(() => null);
    if (answer?.status === 201) acknowledged.set(answer.body.data.id, username);
    else if (i >= killAfter) return;
  }
}

async function everythingIsThere(api: Api, acknowledged: ReadonlyMap<string, string>): Promise<void> {
  for (const [id, username] of acknowledged) {
    await vi.waitFor(
      async () => {
        const { body } = await api.get(`/accounts/${id}`);
        expect(body.data).toMatchObject({ username, is_unavailable: false });
        expect(body.data.last_scrape_time).not.toBeNull();
      },
      { timeout: 40_000, interval: 200 },
    );
  }
  const { body } = await api.get('/accounts?limit=200');
  const usernames = body.data.map((account: { username: string }) => account.username);
  expect(new Set(usernames).size).toBe(usernames.length);
}
