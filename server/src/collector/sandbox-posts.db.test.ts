import { sql } from 'kysely';
import { afterAll, expect, it } from 'vitest';
import { refreshNow, refreshPostNow, systemContext, testClock, track } from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { deleteAccount } from '../services/accounts/delete-account.ts';
import { createVideo } from '../services/videos/create-video.ts';
import { createSources } from '../sources/create.ts';
import { runDoctor } from './doctor.ts';
import { simulateHistory } from './simulate.ts';

const { db } = await testDatabase();
const sources = await createSources([{ name: 'sandbox', values: {} }], { logger: silentLogger });
afterAll(() => Promise.all(sources.map((source) => source.close())));

// Through the real connector: a post's own answer has another shape than its author's feed.
it.each(['instagram', 'tiktok'] as const)(
  'views of a post go on when its author’s feed is not collected any more: %s',
  async (platform) => {
    const clock = testClock('2026-03-20T12:00:00Z');
    const collecting = { db, clock, sources };
    const { organizationId } = await createOrganization(db);
    const ctx = systemContext(db, organizationId, clock);
    const { accountId, profileId } = await track(collecting, organizationId, 'feed_and_alone', platform);
    await refreshNow(collecting, profileId);
    const { rows } = await sql<{ external_id: string }>`
      select external_id from posts where profile_id = ${profileId} and view_count > 100
      order by create_time desc limit 1`.execute(db);
    const identifier = rows[0]?.external_id ?? '';
    const { video_id: videoId } = await createVideo(ctx, { platform, identifier });
    const views: number[] = [];
    for (let day = 0; day < 4; day += 1) {
      clock.add(12);
      if (day === 2) await deleteAccount(ctx, { accountId });
      if (day < 2) await refreshNow(collecting, profileId);
      clock.add(12);
      expect(await refreshPostNow(collecting, identifier, platform)).toMatchObject({ status: 'recorded' });
      const video = await db.selectFrom('videos').selectAll().where('video_id', '=', videoId).executeTakeFirstOrThrow();
      views.push(video.view_count ?? 0);
    }
    expect(views).toEqual([...new Set(views)].sort((a, b) => a - b));
    expect(await db.selectFrom('refused_readings').selectAll().execute()).toEqual([]);
    expect((await runDoctor({ db })).checks.flatMap((check) => check.failures)).toEqual([]);
  },
);

it('a simulated history ends where a post was first read on its own, though its author was not', async () => {
  const clock = testClock('2026-03-20T12:00:00Z');
  const collecting = { db, clock, sources };
  const { organizationId } = await createOrganization(db);
  const [source] = sources;
  const author = { platform: 'tiktok', username: 'seen_alone', platformProfileId: null } as const;
  const page = await source?.fetchPosts(author, null, { now: clock.now() });
  const externalId = page?.ok === true ? (page.value.posts[0]?.externalId ?? '') : '';
  const identifier = `https://www.tiktok.com/@seen_alone/video/${externalId}`;
  await createVideo(systemContext(db, organizationId, clock), { platform: 'tiktok', identifier });
  expect(await refreshPostNow(collecting, externalId, 'tiktok')).toMatchObject({ status: 'recorded' });
  clock.add(36);
  const { accountId } = await track(collecting, organizationId, 'seen_alone', 'tiktok');
  const deps = { ...collecting, logger: silentLogger, maxPagesPerRefresh: 20 };
  await simulateHistory(deps, { organizationId, accounts: 1, days: 20 });
  const days = await db.selectFrom('account_days').select('day').where('account_id', '=', accountId).execute();
  expect(days.length).toBeGreaterThanOrEqual(18);
  expect((await runDoctor({ db })).checks.flatMap((check) => check.failures)).toEqual([]);
});
