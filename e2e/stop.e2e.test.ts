import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { newDataDir, postmasterPid } from './support/data-dir.ts';
import { startTallyline, tallyline, tallylineJson } from './support/process.ts';
import { startServer } from './support/server.ts';

const stopWithinMs = 10_000;

describe('stopping', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('%s ends everything within 10 s with exit code 0', async (signal) => {
    const dataDir = newDataDir();
    const server = await startServer({ dataDir });
    const { code, tookMs } = await server.end(signal);
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(stopWithinMs);
    expect(postmasterPid(dataDir)).toBeNull();
  });

  it('takes the two signals of one Ctrl-C as one', async () => {
    const dataDir = newDataDir();
    const server = await startServer({ dataDir, settings: { TALLYLINE_LOG_LEVEL: 'info' } });
    server.process.child.kill('SIGINT');
    await setTimeout(50);
    const { code, signal, stderr } = await server.end('SIGINT');
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(stderr).toContain('stopped');
    expect(postmasterPid(dataDir)).toBeNull();
  });

  it('hands refreshes in flight back, so that the next start goes on with them', async () => {
    const dataDir = newDataDir();
    // The vendor never answers, so every refresh is in flight.
    const hangs = {
      TALLYLINE_SANDBOX_FAULTS: JSON.stringify([{ kind: 'timeout' }]),
      TALLYLINE_SANDBOX_TIMEOUT_MS: '60000',
    };
    const server = await startServer({ dataDir, settings: hangs });
    const api = server.api(server.apiKey ?? '');
    const ids: string[] = [];
    for (const username of ['one.moment', 'two.moments', 'three.moments']) {
      const { body } = await api.send('POST', '/accounts', { platform: 'instagram', username });
      ids.push(body.data.id);
    }
    const { code, tookMs } = await server.end('SIGTERM');
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(stopWithinMs);

    const next = await startServer({ dataDir });
    const nextApi = next.api(server.apiKey ?? '');
    await vi.waitFor(
      async () => {
        for (const id of ids) expect((await nextApi.get(`/accounts/${id}`)).body.data.last_scrape_time).not.toBeNull();
      },
      { timeout: 20_000, interval: 100 },
    );
    expect((await next.end('SIGTERM')).code).toBe(0);
  });

  it('finishes the request it is answering', async () => {
    const server = await startServer({ dataDir: newDataDir() });
    const api = server.api(server.apiKey ?? '');
    const creates = Array.from({ length: 40 }, (_, i) => api.send('POST', '/creators', { name: `Creator ${i}` }));
    await Promise.race(creates);
    const ended = server.end('SIGTERM');
    const answers = await Promise.allSettled(creates);
    // Accepted connections are answered: 201, or 503 for what came too late; later ones are refused. None is cut off.
    for (const answer of answers) {
      if (answer.status === 'fulfilled') expect([201, 503]).toContain(answer.value.status);
      else expect(String(answer.reason.cause)).toMatch(/ECONNREFUSED|other side closed|ECONNRESET/);
    }
    expect((await ended).code).toBe(0);
  });

  it('prints the key that demo made before anything can interrupt it', async () => {
    const demo = startTallyline(['demo', '--accounts', '200', '--days', '365', '--json'], {
      TALLYLINE_DATA_DIR: newDataDir(),
    });
    await vi.waitFor(() => expect(demo.stderr()).toMatch(/tga_[0-9a-f]{64}/), { timeout: 30_000, interval: 50 });
    demo.child.kill('SIGINT');
    expect(await demo.ended).toMatchObject({ code: 1, stdout: '' });
  });

  it('interrupts a command that works alone, and takes its database along', async () => {
    const dataDir = newDataDir();
    const demo = startTallyline(['demo', '--accounts', '200', '--days', '365'], { TALLYLINE_DATA_DIR: dataDir });
    await vi.waitFor(() => expect(postmasterPid(dataDir)).not.toBeNull(), { timeout: 30_000, interval: 50 });
    demo.child.kill('SIGINT');
    await setTimeout(50);
    demo.child.kill('SIGINT');
    const { code, stderr } = await demo.ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'Interrupted\n' });
    expect(postmasterPid(dataDir)).toBeNull();
  });

  it('ends when npm is killed, although nothing passes the signal on', async () => {
    const dataDir = newDataDir();
    const env = { ...process.env, TALLYLINE_DATA_DIR: dataDir, TALLYLINE_PORT: '0' };
    const npm = spawn('npm', ['start'], {
      cwd: resolve(import.meta.dirname, '..'),
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let stdout = '';
    npm.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    await vi.waitFor(() => expect(stdout).toContain('Tallyline is ready'), { timeout: 30_000, interval: 50 });
    npm.kill('SIGKILL');
    await once(npm, 'exit');
    await vi.waitFor(() => expect(postmasterPid(dataDir)).toBeNull(), { timeout: stopWithinMs, interval: 50 });
  });
});

describe('starting', () => {
  it('a second time on the same data directory names the process that holds it', async () => {
    const dataDir = newDataDir();
    const server = await startServer({ dataDir });
    // Also on the same port: who holds the directory says more than that the port is in use.
    const second = await tallyline(['serve'], {
      TALLYLINE_DATA_DIR: dataDir,
      TALLYLINE_PORT: new URL(server.url).port,
    });
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(dataDir);
    expect(second.stderr).toContain(`process ${server.pid}`);
    expect(second.stderr).not.toMatch(/^\s+at /m);
    const health = await fetch(`${server.url}/v2/health`);
    expect(health.status).toBe(200);
  });

  it('on a port in use says so, before a database is made or a key is shown', async () => {
    const dataDir = newDataDir();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const result = await tallyline(['serve'], { TALLYLINE_DATA_DIR: dataDir, TALLYLINE_PORT: port });
    other.close();
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(new RegExp(`Port ${port} on 127.0.0.1 is in use.*TALLYLINE_PORT`));
    expect(result.stdout).toBe('');
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('with a bad configuration lists every problem and exits with 2, before anything is made', async () => {
    const result = await tallyline(['serve'], {
      TALLYLINE_PORT: 'http',
      TALLYLINE_SOURCES: 'scrapecreators',
      TALLYLINE_RATE_LIMITS: '5',
    });
    expect(result.code).toBe(2);
    for (const name of ['TALLYLINE_PORT', 'TALLYLINE_SCRAPECREATORS_KEY', 'TALLYLINE_RATE_LIMITS']) {
      expect(result.stderr).toContain(name);
    }
    expect(result.stdout).toBe('');
  });

  it('prints a generated key once, and a given one never', async () => {
    const dataDir = newDataDir();
    const first = await startServer({ dataDir });
    expect(first.apiKey).not.toBeNull();
    await first.end('SIGTERM');
    const given = `tga_${'5'.repeat(64)}`;
    const second = await startServer({ dataDir, settings: { TALLYLINE_BOOTSTRAP_KEY: given } });
    expect(second.apiKey).toBeNull();
    for (const key of [given, first.apiKey ?? '']) expect((await second.api(key).get('/whoami')).status).toBe(200);
    const { keys } = await tallylineJson<{ keys: { prefix: string }[] }>(['keys', 'list'], {
      TALLYLINE_DATA_DIR: dataDir,
    });
    expect(keys).toHaveLength(2);
  });
});
