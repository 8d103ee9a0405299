import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('needs nothing: the defaults serve the sandbox on the loopback address', () => {
    expect(loadConfig({ PATH: '/bin' })).toEqual({
      host: '127.0.0.1',
      port: 8787,
      dataDir: resolve('data'),
      databaseUrl: null,
      databasePoolSize: 24,
      databasePrepare: 'on',
      bootstrapKey: null,
      sources: [{ name: 'sandbox', values: {} }],
      rateLimit: 600,
      rateLimitV1: 60,
      addressRateLimit: 60,
      trustedProxies: [],
      publicUrl: null,
      logLevel: 'info',
      answerCacheMb: 32,
      deletedRetentionDays: 30,
      refusedRetentionDays: 90,
      collectorConcurrency: 16,
      maxPagesPerRefresh: 100,
    });
  });

  it('keeps the order of sources and hands each only its own values', () => {
    const config = loadConfig({
      TALLYLINE_SOURCES: 'scrapecreators, sandbox',
      TALLYLINE_SCRAPECREATORS_KEY: 'abcdefgh1234',
      TALLYLINE_SANDBOX_SEED: 'other-world',
      TALLYLINE_INSTAGRAM_GRAPH_TOKEN: 'not asked for',
    });
    expect(config.sources).toEqual([
      { name: 'scrapecreators', values: { key: 'abcdefgh1234' } },
      { name: 'sandbox', values: { seed: 'other-world' } },
    ]);
  });

  it('names every problem at once, with the variable and the way out', () => {
    const problems = problemsOf({
      TALLYLINE_PORT: '70000',
      TALLYLINE_LOG_LEVEL: 'loud',
      TALLYLINE_DATABASE_URL: 'mysql://localhost/x',
      TALLYLINE_SOURCES: 'scrapecreators,instagram_graph',
      TALLYLINE_INSTAGRAM_GRAPH_USER_ID: 'me',
      TALLYLINE_PROT: '8787',
    });
    expect(problems.map((problem) => problem.split(/[ =]/)[0] ?? '').toSorted()).toEqual([
      'TALLYLINE_DATABASE_URL',
      'TALLYLINE_INSTAGRAM_GRAPH_TOKEN',
      'TALLYLINE_INSTAGRAM_GRAPH_USER_ID',
      'TALLYLINE_LOG_LEVEL',
      'TALLYLINE_PORT',
      'TALLYLINE_PROT',
      'TALLYLINE_SCRAPECREATORS_KEY',
    ]);
    expect(problems).toContain('TALLYLINE_PORT=70000 is not valid: use a whole number from 0 to 65535');
  });

  it('names every problem of sources whose list is wrong as well', () => {
    const problems = problemsOf({
      TALLYLINE_SOURCES: 'scrapecreators,instgram_graph,foo',
      TALLYLINE_SCRAPECREATORS_TIMEOUT_MS: 'abc',
    });
    expect(problems).toHaveLength(3);
    expect(problems[0]).toMatch(/^TALLYLINE_SOURCES=.*\("instgram_graph", "foo" are not\)$/);
    expect(problems.join()).toContain('TALLYLINE_SCRAPECREATORS_KEY is required');
    expect(problems.join()).toContain('TALLYLINE_SCRAPECREATORS_TIMEOUT_MS=abc is not valid');
  });

  it('never repeats a secret in a message', () => {
    const secret = `tga_${'A'.repeat(64)}`;
    const url = 'oracle://user:hunter22@db/x';
    const text = problemsOf({ TALLYLINE_BOOTSTRAP_KEY: secret, TALLYLINE_DATABASE_URL: url }).join('\n');
    expect(text).not.toContain('AAAA');
    expect(text).not.toContain('hunter22');
  });

  it.each([
    ['postgres:/app:s3cr3tpw@127.0.0.1:99999/x', /name the host/],
    ['postgres:///tallyline?user=s3cr3tpw', /name the host/],
    ['postgres:tallyline', /name the host/],
    ['postgres://app:12#s3cr3tpw@db/x', /write #.*as %23/],
    ['postgres://app:12/s3cr3tpw@db/x', /as %23, %2F/],
    ['postgres://app:12?s3cr3tpw@db/x', /as %23/],
    ['postgres://app:s3cr3tpw@127.0.0.1:99999/x', /use a URL such as/],
  ])('refuses the database URL %s, which would lead elsewhere, without repeating it', (value, fix) => {
    const problems = problemsOf({ TALLYLINE_DATABASE_URL: value });
    expect(problems).toEqual([expect.stringMatching(/^TALLYLINE_DATABASE_URL is not valid: /)]);
    expect(problems[0]).toMatch(fix);
    expect(problems[0]).not.toContain('s3cr3tpw');
  });

  it.each([
    'postgres://app:p%40ss@db/x',
    'postgresql:///tallyline?host=/var/run/postgresql',
    'postgresql://app@%2Fvar%2Frun/tallyline',
    'postgres://app:pw@[::1]:5432/x?options=-c%20geqo%3Doff',
  ])('takes the database URL %s as it is', (value) => {
    expect(loadConfig({ TALLYLINE_DATABASE_URL: value }).databaseUrl).toBe(value);
  });

  it.each([
    ['TALLYLINE_HOST', '256.1.1.1'],
    ['TALLYLINE_HOST', '[::1]'],
    ['TALLYLINE_HOST', 'localhost:8787'],
    ['TALLYLINE_HOST', 'http://localhost'],
    ['TALLYLINE_PORT', '8787.5'],
    ['TALLYLINE_PORT', '-1'],
    ['TALLYLINE_SANDBOX_FAULTS', '[{]'],
    ['TALLYLINE_SANDBOX_FAULTS', '[{"kind":"earthquake"}]'],
    ['TALLYLINE_SANDBOX_FAULTS', '[{"kind":"timeout","handel":"somebody"}]'],
    ['TALLYLINE_RATE_LIMIT', '0'],
    ['TALLYLINE_SOURCES', 'sandbox,sandbox'],
    ['TALLYLINE_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TALLYLINE_TRUSTED_PROXIES', 'proxy.local'],
    ['TALLYLINE_PUBLIC_URL', 'tallyline.example.com'],
    ['TALLYLINE_BOOTSTRAP_KEY', 'tga_123'],
  ])('refuses %s=%s', (name, value) => {
    expect(problemsOf({ [name]: value })).toHaveLength(1);
  });

  it.each(['0.0.0.0', '::', '::1', 'localhost', 'my_box.example.com', '1and1.example'])('listens on %s', (host) => {
    expect(loadConfig({ TALLYLINE_HOST: host }).host).toBe(host);
  });

  it('treats an empty value as absent, and leaves the variables of the test suite alone', () => {
    const config = loadConfig({ TALLYLINE_PORT: '', TALLYLINE_DATABASE_URL: ' ', TALLYLINE_TEST_DATABASE_URL: 'x' });
    expect(config.port).toBe(8787);
    expect(config.databaseUrl).toBeNull();
  });

  it('reads lists of proxies, IPv4 and IPv6', () => {
    const config = loadConfig({ TALLYLINE_TRUSTED_PROXIES: '10.0.0.0/8, ::1, 192.0.2.7' });
    expect(config.trustedProxies).toEqual(['10.0.0.0/8', '::1', '192.0.2.7']);
  });
});
