import { sql } from 'kysely';
import { expect, it } from 'vitest';
import {
  refreshNow,
  refreshPostNow,
  systemContext,
  testClock,
  track,
  trackVideo,
} from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { observedPost, observedProfile, scriptedSource } from '../../test/support/scripted-source.ts';
import { listAccountVideos } from '../services/account-videos/list-account-videos.ts';
import { updateAccount } from '../services/accounts/update-account.ts';
import { getAccountAnalytics } from '../services/analytics/get-account-analytics.ts';
import { getOrganizationAnalytics } from '../services/analytics/get-organization-analytics.ts';
import { getPostAnalytics } from '../services/analytics/get-post-analytics.ts';
import type { Context } from '../services/context.ts';
import { settleOrganization } from '../services/organization-books/settle-organizations.ts';
import { createVideo } from '../services/videos/create-video.ts';
import { deleteVideo } from '../services/videos/delete-video.ts';
import { updateVideo } from '../services/videos/update-video.ts';
import { runDoctor } from './doctor.ts';
import { rebuildRollups } from './rebuild.ts';

// A source may say only later when a post was published: from then on it counts as if that had been known from the start.
const { db } = await testDatabase();
let made = 0;

function world() {
  made += 1;
  const source = scriptedSource();
  const [username, externalId] = [`author_${made}`, String(4_100_000_000_000_000_000n + BigInt(made))];
  source.script.profile = observedProfile({ username });
  const shows = (viewCount: number, createTime: string | null) => {
    const posted = createTime === null ? null : new Date(createTime);
    source.script.posts = [observedPost(externalId, { viewCount, likeCount: 5 }, { createTime: posted })];
  };
  return { db, clock: testClock('2026-03-02T09:00:00Z'), sources: [source], username, externalId, shows };
}

const request = { period: '7d' as const };
const ofAccount = async (ctx: Context, accountId: string) =>
  (await getAccountAnalytics(ctx, { accountId, request })).current.views;
const ofOrganization = async (ctx: Context) => (await getOrganizationAnalytics(ctx, { request })).current.views;
const postedSince = async (ctx: Context, day: string) => {
  const filters = { posted_after: day };
  const page = { limit: 10, after: null, orderBy: 'create_time', orderDirection: 'desc', includeTotal: false } as const;
  return (await listAccountVideos(ctx, { ...page, filters })).items.map((post) => post.create_time?.toISOString());
};

async function expectSound(): Promise<void> {
  const books = async () => {
    const tables = ['account_days', 'video_days', 'shared_post_days', 'organization_days', 'account_videos', 'videos'];
    return Promise.all(
      tables.map(async (table) => (await sql`select * from ${sql.table(table)} t order by t::text`.execute(db)).rows),
    );
  };
  expect((await runDoctor({ db })).checks.flatMap((check) => check.failures)).toEqual([]);
  const before = await books();
  await rebuildRollups({ db, logger: silentLogger });
  expect(await books()).toEqual(before);
}

it.each([
  ['growing', 800],
  ['standing still', 500],
])('a post published after tracking began counts from 0 once that is known, %s', async (_, later) => {
  const w = world();
  const { organizationId } = await createOrganization(db);
  const ctx = systemContext(db, organizationId, w.clock);
  const { accountId, profileId } = await track(w, organizationId, w.username);
  w.clock.add(3);
  w.shows(500, null);
  await refreshNow(w, profileId);
  const videoId = await trackVideo(w, organizationId, w.externalId);
  w.clock.add(1);
  await refreshPostNow(w, w.externalId);
  expect([await ofAccount(ctx, accountId), await ofOrganization(ctx)]).toEqual([0, 0]);
  w.clock.add(96);
  await settleOrganization(db, organizationId, w.clock.now());

  w.shows(later, '2026-03-02T10:00:00Z');
  await refreshNow(w, profileId);
  expect(await ofAccount(ctx, accountId)).toBe(later);
  expect(await ofOrganization(ctx)).toBe(later);
  // Tracked on its own it was published before.
  const ofVideo = await getPostAnalytics(ctx, { kind: 'video', id: videoId, request });
  expect(ofVideo.current.views).toBe(later - 500);
  expect(await postedSince(ctx, '2026-03-01')).toEqual(['2026-03-02T10:00:00.000Z']);
  await expectSound();
});

it('is learnt from a refresh of the post alone, by everybody who holds it, looking or not', async () => {
  const w = world();
  const [paused, alone] = [await createOrganization(db), await createOrganization(db)];
  const [ctx, other] = [paused, alone].map((owner) => systemContext(db, owner.organizationId, w.clock)) as [
    Context,
    Context,
  ];
  const { accountId, profileId } = await track(w, paused.organizationId, w.username);
  const pausedVideo = await trackVideo(w, paused.organizationId, w.externalId);
  await trackVideo(w, alone.organizationId, w.externalId);
  w.clock.add(24);
  w.shows(500, null);
  await refreshNow(w, profileId);
  w.clock.add(1);
  await updateAccount(ctx, { accountId, changes: { is_active: false } });
  await updateVideo(ctx, { videoId: pausedVideo, changes: { is_active: false } });
  w.clock.add(23);
  w.shows(800, '2026-03-03T08:00:00Z');
  await refreshPostNow(w, w.externalId);
  expect([await ofAccount(ctx, accountId), await ofOrganization(ctx), await ofOrganization(other)]).toEqual([
    500, 500, 800,
  ]);
  expect(await postedSince(ctx, '2026-03-03')).toEqual(['2026-03-03T08:00:00.000Z']);
  await expectSound();
});

it('is remembered for whoever finds the post in an answer that does not say', async () => {
  const w = world();
  const [one, two] = [await createOrganization(db), await createOrganization(db)];
  const early = await track(w, one.organizationId, w.username);
  w.clock.add(24);
  const late = await track(w, two.organizationId, w.username);
  const ctx = systemContext(db, two.organizationId, w.clock);
  await updateAccount(ctx, { accountId: late.accountId, changes: { is_active: false } });
  w.clock.add(24);
  w.shows(500, '2026-03-03T12:00:00Z');
  await refreshNow(w, early.profileId);
  await updateAccount(ctx, { accountId: late.accountId, changes: { is_active: true, post_lookback_days: 30 } });
  w.clock.add(1);
  w.shows(600, null);
  await refreshNow(w, early.profileId);
  expect(await ofAccount(ctx, late.accountId)).toBe(600);
  expect(await postedSince(ctx, '2026-03-03')).toEqual(['2026-03-03T12:00:00.000Z']);
  await expectSound();
});

it('is known to a video that comes back after its post was found by others', async () => {
  const w = world();
  const [one, two] = [await createOrganization(db), await createOrganization(db)];
  const ctx = systemContext(db, two.organizationId, w.clock);
  const identifier = w.externalId;
  const videoId = await trackVideo(w, two.organizationId, identifier);
  await deleteVideo(ctx, { videoId });
  await trackVideo(w, one.organizationId, identifier);
  w.clock.add(24);
  w.shows(500, '2026-03-03T08:00:00Z');
  await refreshPostNow(w, identifier);
  const revived = await createVideo(ctx, { platform: 'instagram', identifier });
  expect(revived).toMatchObject({ video_id: videoId, create_time: new Date('2026-03-03T08:00:00Z') });
  await expectSound();
});
