import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { refreshNow, testClock, track } from '../../../test/support/collecting.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { importText } from '../../../test/support/importing.ts';
import { createOrganization } from '../../../test/support/organization.ts';
import { noCounters, observedPost, observedProfile, scriptedSource } from '../../../test/support/scripted-source.ts';
import type { PostCounters } from '../../sources/source.ts';
import { runDoctor } from '../doctor.ts';
import { rebuildRollups } from '../rebuild.ts';
import { silentLogger } from '../../../test/support/logger.ts';

const { db, pool } = await testDatabase();
const source = scriptedSource();
const clock = testClock('2026-03-01T00:00:00Z');
const collecting = { db, clock, sources: [source] };
const importing = { db, pool, clock };

const failures = async () => (await runDoctor({ db })).checks.flatMap((check) => check.failures);

interface PostReading {
  post: number;
  counters: (number | null)[];
}

interface Moment {
  at: Date;
  followers: number | null;
  posts: PostReading[];
}

const count = fc.option(fc.integer({ min: 0, max: 100_000 }), { freq: 5 });
const start = Date.UTC(2026, 2, 1, 7, 30);
const hour = 3_600_000;

/** What a profile showed at some moments; posts come and go, are corrected, and hide counters. */
const moments = fc
  .array(
    fc.record({
      hoursLater: fc.integer({ min: 1, max: 60 }),
      followers: fc.option(fc.integer({ min: 1, max: 1000 }), { freq: 5 }),
      posts: fc.uniqueArray(
        fc.record({
          post: fc.integer({ min: 0, max: 3 }),
          counters: fc.tuple(count, count, count, count, count, count),
        }),
        { maxLength: 4, selector: ({ post }) => post },
      ),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((steps) => {
    let at = start;
    return steps.map(({ hoursLater, followers, posts }): Moment => {
      at += hoursLater * hour;
      const given = posts.filter(({ counters }) => counters.some((value) => value !== null));
      return { at: new Date(at), followers, posts: given };
    });
  });

const externalId = (post: number): string => `720000000000000000${post}`;
/** Two existed before tracking began, one is of unknown age, one was published later. */
const createTimes = [new Date(start - 400 * hour), new Date(start - 2 * hour), null, new Date(start + 100 * hour)];

const header =
  'platform,username,external_id,read_at,create_time,view_count,play_count,like_count,comment_count,share_count,saved_count,follower_count,following_count,caption';

/** What is first read before it was published does not happen. */
const plausible = (history: Moment[]): Moment[] =>
  history.map((moment) => ({
    ...moment,
    posts: moment.posts.filter(({ post }) => (createTimes[post] ?? new Date(0)) <= moment.at),
  }));

function linesOf(username: string, { at, followers, posts }: Moment): string[] {
  const time = at.toISOString();
  const profile = `instagram,${username},,${time},,,,,,,,${followers ?? ''},7,`;
  return [
    profile,
    ...posts.map(
      ({ post, counters }) =>
        `instagram,${username},${externalId(post)},${time},${createTimes[post]?.toISOString() ?? ''},${counters.join(',')},,,"post ${post}, ""quoted"""`,
    ),
  ];
}

async function collect(username: string, history: Moment[]): Promise<string> {
  const { organizationId } = await createOrganization(db);
  const [first] = history;
  clock.set(first?.at ?? new Date(start));
  const { profileId } = await track(collecting, organizationId, username);
  for (const { at, followers, posts } of history) {
    clock.set(at);
    source.script.profile = observedProfile({ followerCount: followers, followingCount: 7, postCount: null });
    source.script.posts = posts.map(({ post, counters }) => {
      const [viewCount, playCount, likeCount, commentCount, shareCount, savedCount] = counters.map((c) => c ?? null);
      const given = { viewCount, playCount, likeCount, commentCount, shareCount, savedCount };
      const viewKind = viewCount === null ? null : ('displayed' as const);
      const rest = {
        caption: `post ${post}, "quoted"`,
        createTime: createTimes[post] ?? null,
        mediaType: null,
        viewKind,
      };
      return { ...observedPost(externalId(post), {}, rest), counters: { ...noCounters, ...given } as PostCounters };
    });
    await refreshNow(collecting, profileId);
  }
  return organizationId;
}

const columns = 'view_count, play_count, like_count, comment_count, share_count, saved_count';

/** Everything that clients can see of an organization's accounts and posts. */
async function seen(organizationId: string) {
  const accounts = await sql`
    select added_at, first_scrape_time, last_scrape_time, follower_count, following_count, total_post_count, ${sql.raw(columns)}
    from accounts where organization_id = ${organizationId} order by username`.execute(db);
  const days = await sql`
    select day, ${sql.raw('views, plays, likes, comments, shares, saves, followers, followers_before, followers_gained')} from account_days
    where organization_id = ${organizationId} order by day`.execute(db);
  const posts = await sql`
    select v.external_id, v.create_time, date_trunc('second', v.added_at) as added_at, v.counts_from_zero, p.caption, p.view_kind, c.folded,
      ${sql.raw(columns.replaceAll(/\w+/g, 'v.$&'))}
    from account_videos v join posts p using (profile_id, post_id) left join captions c on c.item_id = v.account_video_id
    where v.organization_id = ${organizationId} order by v.external_id`.execute(db);
  return { accounts: accounts.rows, days: days.rows, posts: posts.rows };
}

/** The lines in another order, dealt out to so many files. */
const dealt = fc.record({
  seed: fc.array(fc.nat(), { minLength: 80, maxLength: 80 }),
  files: fc.integer({ min: 1, max: 3 }),
});

describe('imported history', () => {
  let number = 0;

  it('is what the same readings collected live would be, whatever the order of rows and the split into files', async () => {
    await fc.assert(
      fc.asyncProperty(moments, dealt, async (random, { seed, files }) => {
        const history = plausible(random);
        number += 1;
        const live = await collect(`live_${number}`, history);
        const { organizationId } = await createOrganization(db);
        clock.add(5);
        const lines = history.flatMap((moment) => linesOf(`imported_${number}`, moment));
        const order = lines
          .map((line, i) => ({ line, place: seed[i % seed.length] ?? 0 }))
          .toSorted((a, b) => a.place - b.place);
        for (let file = 0; file < files; file += 1) {
          const own = order.filter((_, i) => i % files === file || i % 7 === 0).map(({ line }) => line);
          const result = await importText(importing, organizationId, [header, ...own].join('\n'));
          expect(result).toMatchObject({ imported: true, problems: [] });
        }
        const expected = await seen(live);
        expect(await seen(organizationId)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
    expect(await failures()).toEqual([]);
    const { rows } = await sql<{
      organization_id: string;
    }>`select organization_id from accounts order by organization_id`.execute(db);
    const before = await Promise.all(rows.map((row) => seen(row.organization_id)));
    await rebuildRollups({ db, logger: silentLogger });
    expect(await Promise.all(rows.map((row) => seen(row.organization_id)))).toEqual(before);
  }, 120_000);
});
