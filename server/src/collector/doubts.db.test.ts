import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refreshNow, refreshPostNow, testClock, track, trackVideo } from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { observedPost, observedProfile, scriptedSource } from '../../test/support/scripted-source.ts';
import { runDoctor } from './doctor.ts';
import { rebuildRollups } from './rebuild.ts';

const { db } = await testDatabase();
const { organizationId } = await createOrganization(db);
let worlds = 0;

interface Numbers {
  followers: number;
  views?: number | null;
  comments?: number;
}

/** A profile with one post, and two sources that know both by the same ids. */
async function world(name: string) {
  worlds += 1;
  const postId = `4400000000000000${worlds}`;
  const clock = testClock('2026-03-02T09:00:00Z');
  const sources = { a: scriptedSource('a'), b: scriptedSource('b') };
  const { accountId, profileId } = await track({ db, clock, sources: [] }, organizationId, name);
  const script = (by: 'a' | 'b', { followers, views = 1, comments = 1 }: Numbers) => {
    const { script: answers } = sources[by];
    answers.profile = observedProfile({ username: name, platformProfileId: `55${worlds}`, followerCount: followers });
    answers.posts = [observedPost(postId, { viewCount: views, commentCount: comments })];
    return { db, clock, sources: [sources[by]] };
  };
  const read = async (by: 'a' | 'b', numbers: Numbers) => {
    expect(await refreshNow(script(by, numbers), profileId)).toMatchObject({ status: 'recorded' });
    clock.add(24);
  };
  return { name, postId, clock, accountId, profileId, script, read };
}

type World = Awaited<ReturnType<typeof world>>;

const daysOf = ({ accountId }: World) =>
  db
    .selectFrom('account_days')
    .select(['views', 'comments', 'followers'])
    .where('account_id', '=', accountId)
    .orderBy('day')
    .execute();

const refusedOf = ({ profileId }: World) =>
  db
    .selectFrom('refused_readings')
    .select(['external_id', 'source', 'reason', 'excerpt'])
    .where('profile_id', '=', profileId)
    .orderBy('refusal_id')
    .execute();

const problems = async () => (await runDoctor({ db })).checks.flatMap((check) => check.failures);

describe('less than half of what another source gave last', () => {
  it('is refused, kept aside with both numbers, and never shown; rebuild makes the same', async () => {
    const w = await world('contradicted');
    await w.read('a', { followers: 100_000, views: 50_000, comments: 30 });
    await w.read('b', { followers: 1000, views: 400, comments: 3 });
    await w.read('a', { followers: 100_100, views: 50_200, comments: 31 });
    const days = [
      { views: 0, comments: 0, followers: 100_000 },
      { views: null, comments: null, followers: null },
      { views: 200, comments: 1, followers: 100_100 },
    ];
    expect(await daysOf(w)).toEqual(days);
    const rest = { source: 'b', reason: 'fell_by_half_at_another_source' };
    expect(await refusedOf(w)).toEqual([
      {
        ...rest,
        external_id: null,
        excerpt: { read: { follower_count: 1000 }, last_known: { follower_count: 100_000 } },
      },
      {
        ...rest,
        external_id: w.postId,
        excerpt: {
          read: { view_count: 400, comment_count: 3 },
          last_known: { view_count: 50_000, comment_count: 30 },
        },
      },
    ]);
    expect(await problems()).toEqual([]);
    await rebuildRollups({ db, logger: silentLogger });
    expect(await daysOf(w)).toEqual(days);
  });

  it('is believed when that source says so too', async () => {
    const w = await world('true_fall');
    await w.read('a', { followers: 100_000 });
    await w.read('b', { followers: 1000 });
    await w.read('a', { followers: 1010 });
    expect((await daysOf(w)).map((day) => day.followers)).toEqual([100_000, null, 1010]);
  });

  it('is believed at the third reading over a day: no series stands still for ever because a source was changed', async () => {
    const w = await world('changed_source');
    await w.read('a', { followers: 100_000, views: 50_000 });
    for (const more of [0, 10, 20, 30]) await w.read('b', { followers: 1000 + more, views: 400 + more });
    expect(await daysOf(w)).toEqual([
      { views: 0, comments: 0, followers: 100_000 },
      { views: null, comments: 0, followers: null },
      { views: null, comments: 0, followers: null },
      { views: 420 - 50_000, comments: 0, followers: 1020 },
      { views: 10, comments: 0, followers: 1030 },
    ]);
    expect(await problems()).toEqual([]);
  });

  it('begins anew to be doubted when the source that knows better was heard meanwhile', async () => {
    const w = await world('now_and_then');
    for (const by of ['a', 'b', 'b', 'a', 'b', 'b'] as const) await w.read(by, { followers: by === 'a' ? 9000 : 80 });
    expect((await daysOf(w)).map((day) => day.followers)).toEqual([9000, null, null, 9000, null, null]);
  });

  it('is doubted of each counter for itself', async () => {
    const w = await world('each_for_itself');
    await w.read('a', { followers: 9000, views: 5000 });
    await w.read('b', { followers: 80, views: 400 });
    await w.read('a', { followers: 9000, views: null });
    await w.read('b', { followers: 80, views: 400 });
    await w.read('b', { followers: 80, views: 400 });
    expect((await daysOf(w)).slice(-3)).toMatchObject([
      { followers: 9000, views: null },
      { followers: null, views: null },
      { followers: null, views: 400 - 5000 },
    ]);
  });

  it('is believed of small numbers', async () => {
    const w = await world('small');
    await w.read('a', { followers: 99, views: 3 });
    await w.read('b', { followers: 40, views: 1 });
    expect(await daysOf(w)).toMatchObject([{ followers: 99 }, { followers: 40, views: -2 }]);
  });

  it('is refused of a post that is asked for by itself, too', async () => {
    const w = await world('by_itself');
    await trackVideo({ db, clock: w.clock, sources: [] }, organizationId, w.postId);
    await w.read('a', { followers: 10, views: 50_000 });
    await refreshPostNow(w.script('b', { followers: 10, views: 400 }), w.postId);
    w.clock.add(24);
    await refreshPostNow(w.script('a', { followers: 10, views: 50_300 }), w.postId);
    expect((await daysOf(w)).map((day) => day.views)).toEqual([0, null, 300]);
    expect(await refusedOf(w)).toHaveLength(1);
    expect(await problems()).toEqual([]);
  });
});

interface Step {
  by: 'a' | 'b';
  followers: number;
  hours: number;
}

/** The followers that each reading may show, told from all readings before it, one after another. */
function believed(steps: readonly Step[]): (number | null)[] {
  const shown: (number | null)[] = [];
  let [at, last, pending] = [0, { by: 'a', followers: 0 }, [] as { at: number; followers: number }[]];
  for (const { by, followers, hours } of steps) {
    at += hours;
    const near = pending.slice(
      1 + pending.findLastIndex((p) => Math.max(p.followers, followers) > 2 * Math.min(p.followers, followers)),
    );
    const isDoubted = by !== last.by && last.followers >= 100 && followers < last.followers / 2;
    const isEnough = near.length >= 2 && at - (near[0]?.at ?? at) >= 24;
    shown.push(isDoubted && !isEnough ? null : followers);
    if (shown.at(-1) === null) pending.push({ at, followers });
    else [last, pending] = [{ by, followers }, []];
  }
  return shown;
}

it('two sources in any order: what is shown is what the rule says, reading by reading', async () => {
  const anyStep = fc.record({
    by: fc.constantFrom('a' as const, 'b' as const, 'b' as const),
    followers: fc.constantFrom(60, 90, 150, 260, 400, 1000, 1010),
    hours: fc.integer({ min: 1, max: 30 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 6, maxLength: 14 }), async (steps) => {
      const w = await world(`any_order_${worlds}`);
      const shown: (number | null)[] = [];
      for (const { by, followers, hours } of steps) {
        w.clock.add(hours);
        const result = await refreshNow(w.script(by, { followers }), w.profileId);
        if (result.status !== 'recorded') throw new Error(result.status);
        // An unchanged reading extends a row.
        const rows = db.selectFrom('profile_readings').select('follower_count').where('profile_id', '=', w.profileId);
        const latest = await rows.orderBy('read_at', 'desc').limit(1).executeTakeFirstOrThrow();
        shown.push(latest.follower_count);
      }
      expect(shown).toEqual(believed(steps));
    }),
    { numRuns: 40 },
  );
  expect(await problems()).toEqual([]);
}, 60_000);
