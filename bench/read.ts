import type { BenchDatabase } from './support/database.ts';
import { load, type Target } from './support/http-load.ts';
import { root, type Running, start, tallyline } from './support/processes.ts';
import { type Figure, median, throughput } from './support/table.ts';

const seconds = 3;
const rounds = 3;
const connections = 50;

export interface Servers {
  ours: Running;
  uncached: Running;
  bare: Running;
  stop(): Promise<void>;
}

export function api(bench: BenchDatabase, env: Record<string, string> = {}): Promise<Running> {
  const settings = {
    TALLYLINE_DATA_DIR: bench.dataDir,
    TALLYLINE_PORT: '0',
    TALLYLINE_RATE_LIMIT: '1000000000',
    TALLYLINE_LOG_LEVEL: 'warn',
    ...env,
  };
  return start(process.execPath, [tallyline, 'api'], settings, /ready at (http\S+)/);
}

export function bareServer(bench: BenchDatabase): Promise<Running> {
  const args = [`${root}/bench/bare/server.ts`, JSON.stringify(bench.handle.connection), bench.organizationId];
  return start(process.execPath, args, {}, /ready at (http\S+)/);
}

export async function startServers(bench: BenchDatabase): Promise<Servers> {
  const servers = await Promise.all([api(bench), api(bench, { TALLYLINE_ANSWER_CACHE_MB: '0' }), bareServer(bench)]);
  const [ours, uncached, bare] = servers;
  return {
    ours,
    uncached,
    bare,
    stop: async () => {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

/** Requests per second of the four reads, each in turn with the bare handler that answers the same bytes. */
export async function benchReads(bench: BenchDatabase, servers: Servers): Promise<Figure[]> {
  const headers = { authorization: `Bearer ${bench.key}` };
  const first = await get(`${servers.ours.matched}/v2/accounts?limit=1`, headers);
  const id = (JSON.parse(first.body) as { data: { id: string }[] }).data[0]?.id ?? '';
  const paths = {
    'list of 50 accounts': '/accounts?limit=50',
    'one account': `/accounts/${id}`,
    '30-day series of an account': `/accounts/${id}/analytics/timeseries?period=30d`,
  };
  const figures: Figure[] = [];
  for (const [name, path] of Object.entries(paths)) {
    const ours = { url: `${servers.ours.matched}/v2${path}`, headers };
    const answer = await get(ours.url, headers);
    const cursor = (JSON.parse(answer.body) as { pagination?: { next_cursor: string } }).pagination?.next_cursor;
    const bare = { url: `${servers.bare.matched}${path}`, headers: cursor === undefined ? {} : { 'x-cursor': cursor } };
    const bytes = await get(bare.url, bare.headers);
    if (bytes.body !== answer.body)
      throw new Error(`${path}: the bare handler answers other bytes:\n${answer.body}\n${bytes.body}`);
    const uncached = { url: `${servers.uncached.matched}/v2${path}`, headers };
    const unchanged = { ...ours, headers: { ...headers, 'if-none-match': answer.etag } };
    const result = await rates({ ours, uncached, unchanged, bare }, { unchanged: 304 });
    figures.push(throughput(`${name}, unchanged since last built`, result.ours, result.bare, 0.8));
    figures.push(throughput(`${name}, built for every request`, result.uncached, result.bare, 0.8));
    figures.push(throughput(`${name}, 304`, result.unchanged, result.bare, 2));
  }
  return figures;
}

/** Loads the targets in turn, several times over, and answers each one's median: drift of the machine meets them all. */
export async function rates<K extends string>(
  targets: Record<K, Target>,
  statuses: Partial<Record<K, number>>,
): Promise<Record<K, number>> {
  const names = Object.keys(targets) as K[];
  const measured = new Map<K, number[]>(names.map((name) => [name, []]));
  for (const name of names) await load(targets[name], { seconds: 1, connections, status: statuses[name] ?? 200 });
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) {
      const { requestsPerSecond } = await load(targets[name], { seconds, connections, status: statuses[name] ?? 200 });
      measured.get(name)?.push(requestsPerSecond);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(measured.get(name) ?? [])])) as Record<K, number>;
}

async function get(url: string, headers: Record<string, string>): Promise<{ body: string; etag: string }> {
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return { body: await response.text(), etag: response.headers.get('etag') ?? '' };
}
