import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refreshNow, refreshPostNow, systemContext, testClock } from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { observedPost, observedProfile, scriptedSource } from '../../test/support/scripted-source.ts';
import { createAccount } from '../services/accounts/create-account.ts';
import { deleteAccount } from '../services/accounts/delete-account.ts';
import { updateAccount } from '../services/accounts/update-account.ts';
import { createVideo } from '../services/videos/create-video.ts';
import { deleteVideo } from '../services/videos/delete-video.ts';
import { updateVideo } from '../services/videos/update-video.ts';
import { runDoctor } from './doctor.ts';
import { rebuildRollups } from './rebuild.ts';

const { db } = await testDatabase();
let made = 4_000_000_000_000_000_000n;

const steps = fc.array(
  fc.record({
    minutes: fc.constantFrom(0, 1, 90, 600, 1500, 4000),
    /** By how much the clock of the API is ahead of the collector's. */
    skewSeconds: fc.constantFrom(0, 0, 0, -30, 30),
    act: fc.constantFrom('feed', 'feed', 'alone', 'alone', 'alone', 'add', 'switch', 'drop', 'both'),
    what: fc.constantFrom('video', 'video', 'account'),
    who: fc.nat(1),
    post: fc.nat(1),
    views: fc.option(fc.nat(50), { freq: 5 }),
    isDated: fc.boolean(),
    daysOld: fc.integer({ min: -3, max: 3 }),
  }),
  { minLength: 5, maxLength: 30 },
);

const books = async () => ({
  accountDays: await db.selectFrom('account_days').selectAll().orderBy('account_id').orderBy('day').execute(),
  accounts: await db.selectFrom('accounts').selectAll().orderBy('account_id').execute(),
  holdings: await db.selectFrom('account_videos').selectAll().orderBy('account_video_id').execute(),
  videoDays: await db.selectFrom('video_days').selectAll().orderBy('video_id').orderBy('day').execute(),
  videos: await db.selectFrom('videos').selectAll().orderBy('video_id').execute(),
});

/** Two organizations, an author and two posts of theirs; who tracks what, and what is read when, is up to the steps. */
async function world() {
  await db.deleteFrom('organizations').execute();
  for (const table of [
    'account_days',
    'video_days',
    'tracked_posts',
    'profiles',
    'profile_handles',
    'profile_identities',
  ] as const) {
    await db.deleteFrom(table).execute();
  }
  const source = scriptedSource();
  made += 10n;
  const author = `writer_${made}`;
  source.script.profile = observedProfile({ username: author, platformProfileId: String(made) });
  const clock = testClock('2026-03-02T09:00:00Z');
  const posts = [String(made + 1n), String(made + 2n)] as const;
  const organizations = [await createOrganization(db), await createOrganization(db)] as const;
  return { db, clock, sources: [source], script: source.script, author, posts, organizations };
}
type World = Awaited<ReturnType<typeof world>>;
type Step = typeof steps extends fc.Arbitrary<(infer S)[]> ? S : never;

function showPosts(w: World, { views, isDated, daysOld, post }: Step): void {
  const changed = w.posts[post] ?? w.posts[0];
  const at = new Date(Date.parse('2026-03-02T09:00:00Z') - daysOld * 86_400_000);
  const shown = observedPost(
    changed,
    { viewCount: views, likeCount: views },
    { createTime: isDated ? at : null, viewKind: 'displayed' },
  );
  w.script.posts = [...w.script.posts.filter((other) => other.externalId !== changed), shown];
}

async function change(w: World, { act, what, who, post, skewSeconds }: Step): Promise<void> {
  const { organizationId } = w.organizations[who] ?? w.organizations[0];
  const clock = { now: () => new Date(w.clock.now().getTime() + skewSeconds * 1000) };
  const ctx = systemContext(db, organizationId, clock);
  const identifier = w.posts[post] ?? w.posts[0];
  if (what === 'video') {
    const video = await db
      .selectFrom('videos')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .where('external_id', '=', identifier)
      .where('deleted_at', 'is', null)
      .executeTakeFirst();
    if (video === undefined) await createVideo(ctx, { platform: 'instagram', identifier, is_active: act !== 'switch' });
    else if (act === 'drop') await deleteVideo(ctx, { videoId: video.video_id });
    else if (act === 'switch')
      await updateVideo(ctx, { videoId: video.video_id, changes: { is_active: !video.is_active } });
    return;
  }
  const account = await db
    .selectFrom('accounts')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (account === undefined) await createAccount(ctx, { platform: 'instagram', username: w.author });
  else if (act === 'drop') await deleteAccount(ctx, { accountId: account.account_id });
  else if (act === 'switch') {
    await updateAccount(ctx, { accountId: account.account_id, changes: { is_active: !account.is_active } });
  }
}

async function look(w: World, { act, post }: Step): Promise<void> {
  const profile = await db
    .selectFrom('profiles')
    .select('profile_id')
    .where('username', '=', w.author)
    .executeTakeFirst();
  const alone = () => refreshPostNow(w, w.posts[post] ?? w.posts[0]);
  const feed = () => (profile === undefined ? undefined : refreshNow(w, profile.profile_id));
  if (act === 'feed' || act === 'both') await feed();
  if (act === 'alone' || act === 'both') await alone();
}

describe('whatever happens to posts that are in a feed and tracked on their own', () => {
  it('the books are those that the readings make, bit for bit', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const w = await world();
        for (const step of history) {
          w.clock.add(step.minutes / 60);
          showPosts(w, step);
          await change(w, step);
          await look(w, step);
        }
        const before = await books();
        await rebuildRollups({ db, logger: silentLogger });
        expect(await books()).toEqual(before);
        const { checks } = await runDoctor({ db });
        expect(checks.flatMap((check) => check.failures)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  }, 120_000);
});
