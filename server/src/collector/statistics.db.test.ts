import { sql } from 'kysely';
import { expect, test, vi } from 'vitest';
import { refreshNow, testClock, track } from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { observedPost, scriptedSource } from '../../test/support/scripted-source.ts';
import { analyzeGrown, watchStatistics } from './statistics.ts';

const { db } = await testDatabase();
// It would count them by and by.
await sql`alter table account_videos set (autovacuum_enabled = off)`.execute(db);

// -1: nobody has counted yet.
const rowsCounted = async (table: string) => {
  const { rows } = await sql<{ reltuples: number }>`
    select reltuples from pg_class where oid = ${table}::regclass`.execute(db);
  return rows[0]?.reltuples;
};

const readPosts = async (count: number) => {
  const source = scriptedSource();
  const w = { db, clock: testClock('2026-03-02T09:00:00Z'), sources: [source] };
  const { organizationId } = await createOrganization(db);
  const { profileId } = await track(w, organizationId, `with_${count}_posts`);
  source.script.posts = Array.from({ length: count }, (_, i) =>
    observedPost(String(count * 1000 + i), { viewCount: i }),
  );
  await refreshNow(w, profileId);
  await sql`select pg_stat_force_next_flush()`.execute(db);
};

test('tables that have grown eightfold are counted: by default Postgres takes them for empty for a minute', async () => {
  await readPosts(150);
  expect(await analyzeGrown(db)).toEqual([]);
  await readPosts(151);
  await vi.waitFor(async () => expect(await analyzeGrown(db)).toContain('account_videos'), { timeout: 20_000 });
  expect(await rowsCounted('account_videos')).toBe(301);
  expect(await analyzeGrown(db)).not.toContain('account_videos');

  const onDone = vi.fn();
  const watch = watchStatistics(db, silentLogger, onDone);
  await readPosts(2_500);
  watch.onDone();
  await vi.waitFor(async () => expect(await rowsCounted('account_videos')).toBe(2_801), { timeout: 20_000 });
  expect(onDone).toHaveBeenCalledOnce();
  await watch.stop();
});
