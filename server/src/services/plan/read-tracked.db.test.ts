import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { refreshNow, systemContext, testClock, track, trackVideo } from '../../../test/support/collecting.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { createOrganization } from '../../../test/support/organization.ts';
import { observedPost, observedProfile, scriptedSource } from '../../../test/support/scripted-source.ts';
import { updateAccount } from '../accounts/update-account.ts';
import { readTracked } from './read-tracked.ts';

const { db } = await testDatabase();
const clock = testClock('2026-03-02T09:00:00Z');
const source = scriptedSource();
const collecting = { db, clock, sources: [source] };

it('is every profile once, at the shortest interval and as far back as anybody looks, and single posts', async () => {
  const [one, other] = [await createOrganization(db), await createOrganization(db)];
  const ctx = systemContext(db, one.organizationId, clock);
  const there = systemContext(db, other.organizationId, clock);
  const ana = await track(collecting, one.organizationId, 'ana');
  const again = await track(collecting, other.organizationId, 'ana');
  expect(again.profileId).toBe(ana.profileId);
  const unread = await track(collecting, one.organizationId, 'unread', 'tiktok');
  const paused = await track(collecting, one.organizationId, 'paused', 'tiktok');
  await updateAccount(ctx, { accountId: paused.accountId, changes: { is_active: false } });
  source.script.profile = observedProfile({ postCount: 40 });
  const days = [1, 10, 100, null];
  source.script.posts = days.map((age, i) =>
    observedPost(
      `300000000000000000${i}`,
      {},
      { createTime: age === null ? null : new Date(clock.now().getTime() - age * 86_400_000) },
    ),
  );
  await refreshNow(collecting, ana.profileId);
  await trackVideo(collecting, one.organizationId, '3100000000000000009');
  const limits = { max_recent_posts_per_account: 2, post_lookback_days: 30 };
  await updateAccount(ctx, { accountId: ana.accountId, changes: { ...limits, scrape_interval_hours: 12 } });

  const tiktok = {
    platform: 'tiktok',
    intervalHours: 24,
    isUnavailable: false,
    posts: null,
    recentPosts: null,
    maxPosts: null,
    oldestDays: null,
  };
  const whole = { ...tiktok, platform: 'instagram', intervalHours: 12, posts: 40, oldestDays: 100 };
  const tracked = async () => {
    const { profiles, posts } = await readTracked(ctx);
    return { profiles: profiles.sort((a, b) => a.platform.localeCompare(b.platform)), posts };
  };
  expect(await tracked()).toEqual({
    profiles: [whole, tiktok],
    posts: [{ platform: 'instagram', intervalHours: 24, isUnavailable: false }],
  });

  await updateAccount(there, {
    accountId: again.accountId,
    changes: { max_recent_posts_per_account: 3, post_lookback_days: 5 },
  });
  const [limited] = (await tracked()).profiles;
  // The three newest of 30 days: one without a time, and those of 1 and 10 days.
  expect(limited).toEqual({ ...whole, recentPosts: 3, maxPosts: 3, oldestDays: 10 });

  await sql`update profiles set is_unavailable = true where profile_id = ${unread.profileId}`.execute(db);
  expect((await tracked()).profiles[1]).toEqual({ ...tiktok, isUnavailable: true });
});

it('is for the operator alone', async () => {
  const { organizationId } = await createOrganization(db);
  const actor = { type: 'api_key', id: 'x', name: 'x', scopes: ['read', 'write', 'admin'] } as const;
  await expect(readTracked({ ...systemContext(db, organizationId, clock), actor })).rejects.toMatchObject({
    code: 'INSUFFICIENT_SCOPE',
  });
});
