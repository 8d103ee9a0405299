import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { systemContext, testClock, trackVideo } from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { observedPost, observedProfile, scriptedSource } from '../../test/support/scripted-source.ts';
import { untilWaiting } from '../../test/support/waiting.ts';
import { systemClock } from '../clock.ts';
import { newId } from '../database/ids.ts';
import { createVideo } from '../services/videos/create-video.ts';
import { updateVideo } from '../services/videos/update-video.ts';
import { runDoctor } from './doctor.ts';
import { observePost } from './observe-post.ts';
import { rebuildRollups } from './rebuild.ts';
import { recordPost } from './record-post.ts';
import { beat, claimDue, nextDue, releaseDead } from './schedule.ts';
import { startCollector } from './start.ts';

const { db, pool } = await testDatabase();
const config = { collectorConcurrency: 4, maxPagesPerRefresh: 10, stopGraceMs: 100 };
let lastId = 5_000_000_000_000_000_000n;

function live() {
  const source = scriptedSource();
  lastId += 1n;
  source.script.profile = observedProfile({ username: `maker_${lastId}`, platformProfileId: String(lastId) });
  const clock = { ...testClock('2026-01-01T00:00:00Z'), now: () => systemClock.now() };
  return { db, clock, sources: [source], script: source.script };
}
const unknown = { authorIds: {}, knownIgPlays: null };
type Live = ReturnType<typeof live>;

const start = ({ sources }: Live) =>
  startCollector({ handle: { db, pool }, sources, clock: systemClock, logger: silentLogger, config });

async function trackPosts(w: Live, count: number): Promise<string[]> {
  const { organizationId } = await createOrganization(db);
  const ids: string[] = [];
  for (let i = 0; i < count; i += 1) {
    lastId += 1n;
    const id = String(lastId);
    w.script.posts.push(observedPost(id, { viewCount: 3 }, { createTime: new Date('2026-01-01T00:00:00Z') }));
    await trackVideo(w, organizationId, id);
    ids.push(id);
  }
  return ids;
}

/** Waits for a state of the database; vitest's own time-out is the bound. */
async function until(question: () => Promise<boolean>): Promise<void> {
  while (!(await question())) await new Promise((resolve) => setImmediate(resolve));
}

const areRead = async (ids: readonly string[]): Promise<boolean> => {
  const { rows } = await sql`
    select from videos where external_id = any(${ids}::text[]) and first_scrape_time is null`.execute(db);
  return rows.length === 0;
};
const postOf = (id: string) =>
  db.selectFrom('tracked_posts').selectAll().where('external_id', '=', id).executeTakeFirstOrThrow();
const problems = async () => (await runDoctor({ db })).checks.flatMap((check) => check.failures);

async function die(limit = 1000): Promise<string> {
  const dead = { collectorId: newId(), host: 'elsewhere', pid: 1, sources: [] };
  await beat(db, dead);
  await claimDue(db, { collectorId: dead.collectorId, now: systemClock.now(), limit });
  return dead.collectorId;
}

// What one test leaves due would be another's work.
beforeEach(async () => {
  for (const table of ['organizations', 'video_days', 'tracked_posts'] as const) await db.deleteFrom(table).execute();
});

describe('a collector and posts tracked on their own', () => {
  it('reads a new one at once, and the next time when its interval has passed', async () => {
    const w = live();
    const collector = await start(w);
    try {
      const [id = ''] = await trackPosts(w, 1);
      await until(() => areRead([id]));
      const post = await postOf(id);
      const hours = ((post.due_at?.getTime() ?? 0) - (post.last_attempt_at?.getTime() ?? 0)) / 3_600_000;
      expect(hours).toBeGreaterThan(22.8);
      expect(hours).toBeLessThanOrEqual(24);
      expect(post).toMatchObject({ claim_id: null, last_outcome: 'ok' });
      expect(await nextDue(db)).toEqual(post.due_at);
    } finally {
      await collector.stop();
    }
  });

  it('shares them with another on the same database: nothing is fetched twice', async () => {
    const w = live();
    const ids = await trackPosts(w, 40);
    const collectors = await Promise.all([start(w), start(w)]);
    try {
      await until(() => areRead(ids));
    } finally {
      await Promise.all(collectors.map((collector) => collector.stop()));
    }
    expect(w.script.askedPosts).toBe(40);
    const authors = await db.selectFrom('profiles').selectAll().where('username', 'like', 'maker_%').execute();
    expect(authors.filter((author) => author.username === `maker_${BigInt(ids[0] ?? '0') - 1n}`)).toHaveLength(1);
    expect(await problems()).toEqual([]);
  });

  it('goes on with what one that died had claimed, and finds its left-over jobs void', async () => {
    const w = live();
    const ids = await trackPosts(w, 10);
    for (let round = 0; round < 3; round += 1) {
      const dead = await die();
      expect((await postOf(ids[0] ?? '')).claimed_by).toBe(dead);
      expect(await releaseDead(db, [dead])).toBe(10);
    }
    const collector = await start(w);
    try {
      await until(() => areRead(ids));
    } finally {
      await collector.stop();
    }
    expect(w.script.askedPosts).toBe(10);
  });

  it('hands back what it has not finished when it stops', async () => {
    const w = live();
    let asked: () => void = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const [source] = w.sources;
    if (source === undefined) throw new Error('no source');
    source.fetchPost = (_ref, { signal }) => {
      asked();
      return new Promise((resolve) => {
        signal?.addEventListener('abort', () =>
          resolve({ ok: false, failure: { code: 'transient', message: 'stopped' } }),
        );
      });
    };
    const [id = ''] = await trackPosts(w, 1);
    const collector = await start(w);
    await isAsked;
    await collector.stop();
    const post = await postOf(id);
    expect(post).toMatchObject({ claim_id: null, failure_count: 0 });
    expect(post.due_at?.getTime()).toBeLessThanOrEqual(systemClock.now().getTime());
  });

  it('holds as many of each kind as it has room for, and those that nobody has read yet beyond', async () => {
    const w = live();
    const ids = await trackPosts(w, 12);
    await sql`update tracked_posts set last_attempt_at = now() where external_id = any(${ids.slice(0, 8)}::text[])`.execute(
      db,
    );
    const collectorId = await die(2);
    const { rows } = await sql<{ waited: boolean }>`
      select last_attempt_at is null as waited from tracked_posts where claimed_by = ${collectorId}`.execute(db);
    expect(rows.filter((row) => row.waited)).toHaveLength(4);
    expect(rows).toHaveLength(4);
    await releaseDead(db, [collectorId]);
  });
});

describe('a claim of a post', () => {
  it('that was taken over writes nothing', async () => {
    const w = live();
    const [externalId = ''] = await trackPosts(w, 1);
    const seen = await observePost(
      w.sources,
      { platform: 'instagram', externalId, shortcode: null, authorUsername: null, ...unknown },
      {
        now: w.clock.now(),
      },
    );
    if (!seen.ok) throw new Error(seen.failure.message);
    const claim = { platform: 'instagram', externalId, claimId: newId() } as const;
    await sql`update tracked_posts set claim_id = ${claim.claimId}, claimed_by = ${newId()} where external_id = ${externalId}`.execute(
      db,
    );
    const results = await Promise.all([
      recordPost(db, w.clock, { ...claim, claimId: newId() }, seen.value),
      recordPost(db, w.clock, claim, seen.value),
      recordPost(db, w.clock, claim, seen.value),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(['lost_claim', 'lost_claim', 'recorded']);
    const { rows } = await sql`
      select from post_readings r join posts p using (profile_id, post_id) where p.external_id = ${externalId}`.execute(
      db,
    );
    expect(rows).toHaveLength(1);
  });
});

describe('a refresh of a post that waits for somebody who', () => {
  it.each(['begins to track it', 'resumes it', 'pauses it'])(
    '%s books what is theirs, and leaves no look undone',
    async (change) => {
      const w = live();
      const [externalId = ''] = await trackPosts(w, 1);
      const other = await createOrganization(db);
      const ctx = systemContext(db, other.organizationId, w.clock);
      const identifier = { platform: 'instagram', identifier: externalId } as const;
      const isNew = change === 'begins to track it';
      const video = isNew ? null : await createVideo(ctx, { ...identifier, is_active: change === 'pauses it' });
      const claim = { platform: 'instagram', externalId, claimId: newId() } as const;
      await sql`update tracked_posts set claim_id = ${claim.claimId}, claimed_by = ${newId()} where external_id = ${externalId}`.execute(
        db,
      );
      const ref = { platform: 'instagram', externalId, shortcode: null, authorUsername: null, ...unknown } as const;
      const seen = await observePost(w.sources, ref, { now: w.clock.now() });
      if (!seen.ok) throw new Error(seen.failure.message);

      const { recording } = await db.transaction().execute(async (trx) => {
        const inside = { ...ctx, db: trx };
        if (video === null) await createVideo(inside, identifier);
        else await updateVideo(inside, { videoId: video.video_id, changes: { is_active: change === 'resumes it' } });
        const started = recordPost(db, w.clock, claim, seen.value);
        await untilWaiting(db);
        return { recording: started };
      });
      expect(await recording).toMatchObject({ status: 'recorded' });
      const theirs = await db
        .selectFrom('videos')
        .select('last_scrape_time')
        .where('organization_id', '=', other.organizationId)
        .executeTakeFirstOrThrow();
      expect(theirs.last_scrape_time === null).toBe(change === 'pauses it');
      const days = () => db.selectFrom('video_days').selectAll().orderBy('video_id').orderBy('day').execute();
      const before = await days();
      await rebuildRollups({ db, logger: silentLogger });
      expect(await days()).toEqual(before);
      expect(await problems()).toEqual([]);
    },
  );
});
