import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { newDataDir } from './support/data-dir.ts';
import { type Started, startTallyline } from './support/process.ts';
import { startServer } from './support/server.ts';

async function startCollector(dataDir: string): Promise<Started> {
  const collector = startTallyline(['collector'], { TALLYLINE_DATA_DIR: dataDir });
  onTestFinished(() => void collector.child.kill('SIGKILL'));
  await vi.waitFor(() => expect(collector.stdout()).toContain('collector is running'), {
    timeout: 30_000,
    interval: 50,
  });
  return collector;
}

it('API and collectors run as processes of their own, and each may go and come back', async () => {
  const dataDir = newDataDir();
  const api = await startServer({ dataDir, command: 'api' });
  const key = api.apiKey ?? '';
  const isCollected = async (server: typeof api, username: string): Promise<void> => {
    const { body } = await server.api(key).send('POST', '/accounts', { platform: 'tiktok', username });
    await vi.waitFor(
      async () => {
        const account = await server.api(key).get(`/accounts/${body.data.id}`);
        expect(account.body.data.last_scrape_time).not.toBeNull();
      },
      { timeout: 15_000, interval: 100 },
    );
  };

  const collectors = [await startCollector(dataDir), await startCollector(dataDir)];
  await isCollected(api, 'first.together');
  // The API started the database: it must go on without the process that started it.
  expect((await api.end('SIGTERM')).code).toBe(0);
  const next = await startServer({ dataDir, command: 'api' });
  collectors[0]?.child.kill('SIGKILL');
  await isCollected(next, 'second.together');
  expect((await next.end('SIGTERM')).code).toBe(0);
  collectors[1]?.child.kill('SIGTERM');
  expect((await collectors[1]?.ended)?.code).toBe(0);
});

// 363 MB instead of 205 MB at a million posts, when only npm start said it.
it.runIf(existsSync('/proc/self/cmdline'))(
  'a server holds its young memory small, whatever it was started by',
  async () => {
    const collector = await startCollector(newDataDir());
    const commandLine = await readFile(`/proc/${collector.child.pid}/cmdline`, 'utf8');
    expect(commandLine.split('\0')).toContain('--max-semi-space-size=8');
    collector.child.kill('SIGTERM');
    expect((await collector.ended).code).toBe(0);
  },
);
