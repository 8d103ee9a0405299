import { sql } from 'kysely';
import { api, rates } from '../read.ts';
import { type BenchDatabase, benchDatabase } from '../support/database.ts';
import { residentMb, type Running } from '../support/processes.ts';
import { type Figure, ms, printTable, throughput } from '../support/table.ts';
import { cacheFolder, dataDir, isKept, keep } from './cache.ts';
import { directusHeaders, startDirectus } from './directus.ts';
import { loadLarge } from './load.ts';
import { type Paced, paced } from './paced.ts';
import { type Ids, operations } from './questions.ts';

const seconds = 4;

/** npm run bench -- --large: every read operation at 10,000 accounts and a million posts, and two of them against Directus. */
export async function benchLarge(): Promise<void> {
  const now = new Date();
  const kept = await isKept(now);
  const bench = await benchDatabase(dataDir);
  if (!kept) {
    process.stderr.write(`loading 10,000 accounts and 1,000,000 posts into ${cacheFolder}, some minutes …\n`);
    await loadLarge(bench.handle.db, bench.organizationId, now);
    await keep(now);
  }
  const [ours, uncached] = await Promise.all([api(bench), api(bench, { TALLYLINE_ANSWER_CACHE_MB: '0' })]);
  const memory = watchMemory({ 'with the answer cache': ours, 'without it': uncached });
  printTable(
    'Every read at 10,000 accounts and 1,000,000 posts, 50 requests/s, while the data changes every second',
    await latencies(bench, ours, uncached),
  );
  printTable('Resident memory of the API process meanwhile', memory.stop());
  await uncached.stop();
  const directus = await startDirectus(bench);
  printTable(
    'Against Directus on the same Postgres server and rows, 50 connections',
    await against(bench, ours, directus),
  );
  await directus.stop();
  await ours.stop();
  await bench.close();
}

async function latencies(bench: BenchDatabase, ours: Running, uncached: Running): Promise<Figure[]> {
  const headers = { authorization: `Bearer ${bench.key}` };
  const figures: Figure[] = [];
  const changes = changeEverySecond(bench);
  for (const { name, limitMs, next } of operations(await idsOf(bench))) {
    const kept = await paced(ours.matched, headers, next, seconds);
    const built = await paced(uncached.matched, headers, next, seconds);
    process.stderr.write(`${name}: ${times(kept)}; nothing kept ${times(built)}\n`);
    figures.push({
      name,
      value: times(kept),
      peer: `nothing kept: ${times(built)}`,
      ratio: `${(kept.p95Ms / limitMs).toFixed(2)} of the limit`,
      aim: `p95 ≤ ${limitMs} ms`,
      isMet: kept.p95Ms <= limitMs,
    });
  }
  await changes.stop();
  return figures;
}

const times = ({ p50Ms, p95Ms }: Paced): string => `p50 ${ms(p50Ms)}, p95 ${ms(p95Ms)}`;

/**
 * The organization's data version moves as if a refresh had ended: no answer is kept for longer than a second. At an interval of
 * six hours, 10,000 accounts are refreshed every two seconds.
 */
function changeEverySecond({ handle: { db }, organizationId }: BenchDatabase): { stop(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    running = sql`
      update organization_versions set version = version + 1 where organization_id = ${organizationId}`.execute(db);
  }, 1000);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

async function idsOf({ handle: { db }, organizationId }: BenchDatabase): Promise<Ids> {
  const of = async (table: string, id: string): Promise<string[]> => {
    const { rows } = await sql<{ id: string }>`
      select ${sql.id(id)} as id from ${sql.table(table)} tablesample bernoulli (${table === 'account_videos' ? 1 : 100})
      where organization_id = ${organizationId} order by md5(${sql.id(id)}::text) limit 5000`.execute(db);
    return rows.map((row) => row.id);
  };
  const posts = async (platform: string): Promise<number[]> => {
    const { rows } = await sql<{ id: number }>`
      select post_id as id from account_videos tablesample bernoulli (1)
      where organization_id = ${organizationId} and platform = ${platform} limit 5000`.execute(db);
    return rows.map((row) => row.id);
  };
  return {
    accounts: await of('accounts', 'account_id'),
    creators: await of('creators', 'creator_id'),
    videos: await of('videos', 'video_id'),
    accountVideos: await of('account_videos', 'account_video_id'),
    posts: { instagram: await posts('instagram'), tiktok: await posts('tiktok') },
  };
}

/** The most that each process was seen to hold, once a second. */
function watchMemory(processes: Record<string, Running>): { stop(): Figure[] } {
  const limitMb = 250;
  const most = new Map<string, number>();
  const look = async (name: string, { child }: Running): Promise<void> => {
    if (child.pid !== undefined) most.set(name, Math.max(most.get(name) ?? 0, await residentMb(child.pid)));
  };
  const timer = setInterval(() => {
    for (const [name, running] of Object.entries(processes)) look(name, running).catch(() => clearInterval(timer));
  }, 1000);
  return {
    stop: () => {
      clearInterval(timer);
      return [...most].map(([name, mb]) => ({
        name: `most resident memory, ${name}`,
        value: `${Math.round(mb)} MB`,
        peer: '',
        ratio: `${(mb / limitMb).toFixed(2)} of the limit`,
        aim: `≤ ${limitMb} MB`,
        isMet: mb <= limitMb,
      }));
    },
  };
}

async function against(bench: BenchDatabase, ours: Running, directus: Running): Promise<Figure[]> {
  const headers = { authorization: `Bearer ${bench.key}` };
  const { accounts } = await idsOf(bench);
  const id = accounts[0] ?? '';
  const pairs = {
    'one account': [`/v2/accounts/${id}`, `/items/accounts/${id}`],
    'list of 50 accounts': ['/v2/accounts?limit=50', '/items/accounts?limit=50&sort=-added_at,-account_id'],
  } as const;
  const figures: Figure[] = [];
  for (const [name, [path, theirs]] of Object.entries(pairs)) {
    const result = await rates(
      {
        ours: { url: `${ours.matched}${path}`, headers },
        directus: { url: `${directus.matched}${theirs}`, headers: directusHeaders },
      },
      {},
    );
    figures.push(throughput(name, result.ours, result.directus, 10));
  }
  return figures;
}
