import { sql } from 'kysely';
import { systemClock } from '../server/src/clock.ts';
import { startCollector } from '../server/src/collector/start.ts';
import { createAccount } from '../server/src/services/accounts/create-account.ts';
import { createSources } from '../server/src/sources/create.ts';
import { createWorld } from '../server/src/sources/sandbox/world.ts';
import type { Platform } from '../server/src/sources/source.ts';
import { type BenchDatabase, silent } from './support/database.ts';
import { root, start } from './support/processes.ts';
import { type Figure, perSecond } from './support/table.ts';

const profiles = 1_500;
const aim = 150;
const hourMs = 3_600_000;

/**
 * Everything a refresh does, through the sandbox server over HTTP: due profiles are claimed, fetched, normalised and recorded. First
 * all profiles for the first time (every post is new), then all of them a day later.
 */
export async function benchEndToEnd(bench: BenchDatabase): Promise<Figure[]> {
  const { db } = bench.handle;
  const world = await start(process.execPath, [`${root}/server/src/sources/sandbox/main.ts`], {}, /(http\S+)\n/);
  const sources = await createSources([{ name: 'sandbox', values: { url: world.matched } }], { logger: silent });
  let aheadMs = 0;
  const clock = { now: () => new Date(systemClock.now().getTime() + aheadMs) };
  for (const { platform, username } of handles()) {
    const actor = { type: 'system', name: 'bench' } as const;
    const ctx = { actor, organizationId: bench.organizationId, db, clock, logger: silent, requestId: 'bench' };
    await createAccount(ctx, { platform, username });
  }
  const figures: Figure[] = [];
  for (const [name, ahead] of [
    ['first refresh of a profile', 0],
    ['refresh a day later', 24],
  ] as const) {
    aheadMs = ahead * hourMs;
    const began = performance.now();
    const collector = await startCollector({
      handle: bench.handle,
      sources,
      clock,
      logger: silent,
      config: { collectorConcurrency: 16, maxPagesPerRefresh: 100 },
    });
    while ((await remaining(bench, clock.now())) > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    const rate = (profiles * 1000) / (performance.now() - began);
    await collector.stop();
    figures.push({
      name: `end to end, ${name}`,
      value: perSecond(rate),
      peer: `${await postsEach(bench)} posts each`,
      ratio: `${(rate / aim).toFixed(2)} of the aim`,
      aim: `≥ ${aim}/s`,
      isMet: rate >= aim,
    });
  }
  await Promise.all(sources.map((source) => source.close()));
  await world.stop();
  return figures;
}

/** Handles whose profiles show 40 to 60 posts, as in the other benchmarks: 50 on average, on one or two pages of 50. */
function handles(): { platform: Platform; username: string }[] {
  const world = createWorld('tallyline');
  const found: { platform: Platform; username: string }[] = [];
  for (let i = 0; found.length < profiles; i += 1) {
    const [platform, username]: [Platform, string] = [i % 2 === 0 ? 'instagram' : 'tiktok', `end_to_end_${i}`];
    const posts = world.profile(platform, username, Date.now())?.postCount ?? 0;
    if (posts >= 40 && posts <= 60) found.push({ platform, username });
  }
  return found;
}

async function remaining(bench: BenchDatabase, now: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from profiles where due_at <= ${now} or claim_id is not null`.execute(
    bench.handle.db,
  );
  return rows[0]?.count ?? 0;
}

async function postsEach(bench: BenchDatabase): Promise<number> {
  const { rows } = await sql<{ average: number }>`
    select round(avg(total_post_count))::int as average from accounts where username like 'end_to_end_%'`.execute(
    bench.handle.db,
  );
  return rows[0]?.average ?? 0;
}
